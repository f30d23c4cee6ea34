import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { fillRequests, readDownload } from './requests-support.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectNoSidewaysScroll } from './support/checks.ts'
import { rest } from './support/traffic.ts'

const admin = useAdmin()
const minute = 60_000

/** Two upstreams in the last half hour: 40 requests of one, 20 of the other, of which 8 failed and 2 were cancelled. */
beforeAll(async () => {
	const newest = Date.now() - 5 * minute
	await fillRequests(
		admin.proxy,
		60,
		place => ({
			at: newest - place * 20_000,
			...(place % 3 === 0 && {
				upstreamId: 'other',
				upstreamName: 'the other',
				keyId: 'other_key',
				keyMask: 'sk-…77b1',
				model: 'claude-haiku-4-5',
				upstreamModel: 'other-small',
			}),
			...(place < 24 && place % 3 === 0 && { outcome: 'quota', status: 402, errorMessage: 'no balance' }),
			...(place >= 54 && place % 3 === 0 && { outcome: 'cancelled', status: 499 }),
		}),
		newest,
	)
})

const chart = (page: Page, name: string) => page.getByRole('slider', { name })
const total = (page: Page, name: string) =>
	page
		.locator('dl > div')
		.filter({ has: page.locator('dt', { hasText: name }) })
		.locator('dd')
		.first()
const waitForTotal = (page: Page, value: string) =>
	page.getByRole('region', { name: 'In this range' }).getByText(value, { exact: true }).waitFor()
/** Once the address has one. */
function readPeriod(page: Page): { from: number; to: number } {
	const { searchParams } = new URL(page.url())
	return { from: Number(searchParams.get('from')), to: Number(searchParams.get('to')) }
}
const drawn = (page: Page, name: string) => chart(page, name).locator('canvas').waitFor()
const expectParameters = (page: Page) =>
	expect.poll(() => Object.fromEntries(new URL(page.url()).searchParams))

describe('filters', () => {
	it('narrow everything down, stay in the address, and survive a reload', async () => {
		const page = await admin.open('/activity')
		await waitForTotal(page, '60')
		await expect.poll(() => total(page, 'Success rate').textContent()).toContain('86.2%')
		await page.getByRole('button', { name: /^the other/ }).click()
		await waitForTotal(page, '20')
		await expectParameters(page).toEqual({ upstream: 'other' })
		await page.getByRole('radio', { name: '1 h' }).check({ force: true })
		await page.waitForURL(/range=1h/)
		await page.reload()
		await waitForTotal(page, '20')
		await page.getByRole('radio', { name: '1 h', checked: true }).waitFor()
		await page.getByRole('combobox', { name: 'Upstream' }).selectOption('All upstreams')
		await waitForTotal(page, '60')
	})

	it('take a period of their own, and say when it is none', async () => {
		const page = await admin.open('/activity')
		await waitForTotal(page, '60')
		await page.getByRole('radio', { name: 'Custom' }).check({ force: true })
		await page.getByLabel('From', { exact: true }).fill('2026-02-01T10:00')
		await page.getByLabel('To', { exact: true }).fill('2026-02-01T09:00')
		await page.getByRole('button', { name: 'Show', exact: true }).click()
		await page.getByRole('alert').getByText('The end has to be after the start.').waitFor()
		await page.getByLabel('To', { exact: true }).fill('2026-02-01T12:00')
		await page.getByRole('button', { name: 'Show', exact: true }).click()
		await page.getByText('No requests in this range').waitFor()
		await page.getByRole('button', { name: 'Back to the last 24 hours' }).click()
		await waitForTotal(page, '60')
	})

	it('compare with the time before', async () => {
		const page = await admin.open('/activity?range=1h')
		await waitForTotal(page, '60')
		await page.getByRole('switch', { name: 'Compare with the time before' }).check()
		await page.getByText('none before').first().waitFor()
		await expectParameters(page).toMatchObject({ compare: '1' })
	})
})

describe('charts', () => {
	it('are tables, too, with the same numbers, and files', async () => {
		const page = await admin.open('/activity?range=1h')
		await waitForTotal(page, '60')
		await page.getByRole('button', { name: 'Requests as a table' }).click()
		const rows = page.getByRole('table', { name: 'Requests' }).locator('tbody tr')
		const sum = (all: number[][]) =>
			[0, 1, 2].map(column => all.reduce((total, row) => total + (row[column] ?? 0), 0))
		const readTable = () =>
			rows.evaluateAll(all =>
				all.map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.textContent))),
			)
		await expect.poll(async () => sum(await readTable())).toEqual([50, 8, 2])
		const [file] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('button', { name: 'Download Requests as CSV' }).click(),
		])
		const csv = await readDownload(file)
		expect(csv).toContain('Time,Answered,Failed,Cancelled')
		// The last hour goes on: its first minutes may have left both since.
		const inFile = csv.trim().split('\r\n').slice(1)
		expect(sum(inFile.map(line => line.split(',').slice(1).map(Number)))).toEqual([50, 8, 2])
		await expect.poll(() => rows.count()).toBe(inFile.length)
		const [whole] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('button', { name: 'Download CSV' }).click(),
		])
		expect(await readDownload(whole)).toMatch(/requests/i)
	})

	it('zoom where one drags, and Back leads out again', async () => {
		const page = await admin.open('/activity?range=1h')
		await waitForTotal(page, '60')
		await drawn(page, 'Tokens')
		await rest(page)
		await chart(page, 'Tokens').scrollIntoViewIfNeeded()
		const box = await chart(page, 'Tokens').locator('.u-over').boundingBox()
		if (box === null) throw new Error('the chart has no size')
		const y = box.y + box.height / 2
		await page.mouse.move(box.x + box.width * 0.25, y)
		await page.mouse.down()
		await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 })
		await page.mouse.up()
		await page.waitForURL(/from=\d+&to=\d+/)
		const { from, to } = readPeriod(page)
		expect((to - from) / minute).toBeCloseTo(15, -1)
		expect(Date.now() - from).toBeGreaterThan(40 * minute)
		await page.goBack()
		await waitForTotal(page, '60')
		await expectParameters(page).toEqual({ range: '1h' })
	})

	it('are read and opened by the keyboard, all with one cursor', async () => {
		const page = await admin.open('/activity?range=1h')
		await waitForTotal(page, '60')
		await drawn(page, 'Requests')
		await chart(page, 'Requests').focus()
		await page.keyboard.press('End')
		for (let step = 0; step < 7; step++) await page.keyboard.press('ArrowLeft')
		const said = (name: string) => chart(page, name).getAttribute('aria-valuetext')
		await expect.poll(() => said('Requests')).toMatch(/Answered \d+, Failed \d+, Cancelled \d+$/)
		const time = (await said('Requests'))?.split(': ')[0] ?? ''
		await expect.poll(() => said('Latency')).toContain(time)
		await page.keyboard.press('Enter')
		await page.waitForURL(/\/requests\?/)
		const { from, to } = readPeriod(page)
		expect(to - from).toBe(minute)
	})

	it('are drawn anew in the other theme', async () => {
		const page = await admin.open('/activity')
		await waitForTotal(page, '60')
		await drawn(page, 'Requests')
		const picture = () =>
			chart(page, 'Requests')
				.locator('canvas')
				.evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
		const light = await picture()
		await page.emulateMedia({ colorScheme: 'dark' })
		await expect.poll(picture).not.toBe(light)
	})
})

it('says what cannot be read, and tries again', async () => {
	const page = await admin.open('/requests', { expected: [/500|Failed to load/] })
	let broken = true
	await page.route('**/api/usage?*', route =>
		broken
			? route.fulfill({
					status: 500,
					json: {
						type: 'error',
						error: { type: 'api_error', code: 'failed', message: 'no' },
						request_id: 'req_7',
					},
				})
			: route.fallback(),
	)
	await page.goto(`${admin.proxy.url}/activity`)
	const alert = page.getByRole('alert').filter({ hasText: 'The activity could not be read.' })
	await alert.getByText('req_7').waitFor()
	broken = false
	await alert.getByRole('button', { name: 'Try again' }).click()
	await waitForTotal(page, '60')
	await alert.waitFor({ state: 'detached' })
})

it('is accessible in its states, in both themes', async () => {
	const page = await admin.open('/activity?compare=1', { locale: 'en' })
	await page.getByRole('slider').first().locator('canvas').waitFor()
	await page
		.getByRole('button', { name: /as a table|以表格显示/ })
		.first()
		.click()
	await expectAccessible(page)
})

it('never scrolls sideways, however long the words are', async () => {
	const page = await admin.open('/activity?compare=1&from=1700000000000&to=1900000000000', {
		locale: 'en-XA',
	})
	await page.getByRole('slider').first().locator('canvas').waitFor()
	await expectNoSidewaysScroll(page)
})

it('shows what comes by itself, in the charts that are there, while somebody looks at them', async () => {
	const page = await admin.open('/activity?range=1h')
	await waitForTotal(page, '60')
	await drawn(page, 'Requests')
	await chart(page, 'Requests')
		.locator('canvas')
		.evaluate(canvas => Object.assign(canvas, { first: true }))
	// Which of the sixty minutes is looked at; the last one when none is.
	const looked = async () => Number(await chart(page, 'Requests').getAttribute('aria-valuenow'))
	await chart(page, 'Requests').locator('.u-over').hover()
	await expect.poll(looked).toBeLessThan(40)
	expect(await looked()).toBeGreaterThan(20)
	await fillRequests(admin.proxy, 1, () => ({ id: 'req_of_now' }))
	await waitForTotal(page, '61')
	const isFirst = (canvas: SVGElement | HTMLElement) => 'first' in canvas
	expect(await chart(page, 'Requests').locator('canvas').evaluate(isFirst)).toBe(true)
	expect(await looked()).toBeGreaterThan(20)
	expect(await looked()).toBeLessThan(40)
})
