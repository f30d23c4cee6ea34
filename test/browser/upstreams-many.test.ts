import { beforeAll, expect, it } from 'vitest'
import { useAdmin } from './support/admin.ts'
import { fillManyUpstreams, keysEach } from './support/many-upstreams.ts'
import { rest, watchTraffic } from './support/traffic.ts'
import { cardOf } from './upstreams-support.ts'

const admin = useAdmin()

beforeAll(() => fillManyUpstreams(admin.proxy))

// How long it takes is measured by bench/admin: no test fails because the computer is busy.
it('draws a few of 200 upstreams, and keys only where they are wanted', async () => {
	const page = await admin.open('/')
	await cardOf(page, 'upstream 0').waitFor()
	await rest(page)
	const shown = () => page.locator('[data-upstream]').count()
	expect(await shown()).toBeLessThan(100)
	expect(await page.locator('*').count()).toBeLessThan(6000)
	const traffic = watchTraffic(page)
	await page.getByRole('button', { name: /Keys of upstream 2(?!\d)/ }).click()
	await page.getByLabel('Add keys').waitFor()
	expect(await page.locator('ol [data-sort-item]').count()).toBeLessThanOrEqual(keysEach)
	await page.getByLabel('Find upstreams').pressSequentially('host-19')
	await page.getByText('11 upstreams found').waitFor()
	// Opening keys asks for their figures; typing asks the server nothing: the page knows them all.
	const readAsked = async () => {
		const paths = (await traffic.bodies()).map(({ url }) => new URL(url).pathname)
		return paths.filter(path => path.startsWith('/api/') && path !== '/api/status')
	}
	await expect.poll(readAsked).toEqual(['/api/usage/day'])
	await rest(page)
	expect(await readAsked()).toEqual(['/api/usage/day'])
	expect(await page.locator('*').count()).toBeLessThan(6000)
})

it('finds the last of them, and shows more while scrolling', async () => {
	const page = await admin.open('/?q=host-199.example')
	await cardOf(page, 'upstream 199').waitFor()
	await expect.poll(() => page.locator('[data-upstream]').count()).toBe(1)
	await page.getByLabel('Find upstreams').press('Escape')
	await cardOf(page, 'upstream 0').waitFor()
	await rest(page)
	const before = await page.locator('[data-upstream]').count()
	expect(before).toBeLessThan(100)
	await page.getByRole('button', { name: /^Show more/ }).scrollIntoViewIfNeeded()
	await expect.poll(() => page.locator('[data-upstream]').count()).toBeGreaterThan(before)
})
