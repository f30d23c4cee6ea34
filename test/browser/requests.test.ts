import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, hello } from '../support/call.ts'
import { fillRequests, findClosedAddress } from './requests-support.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectNoSidewaysScroll } from './support/checks.ts'
import { rest } from './support/traffic.ts'

const admin = useAdmin()
/** An hour old, so that what a test sends itself is newer. */
const newest = Date.now() - 3_600_000

beforeAll(async () => {
	await fillRequests(
		admin.proxy,
		5000,
		place => ({
			...(place % 10 === 3 && { outcome: 'quota', status: 402, errorMessage: `no balance ${place}` }),
			...(place % 10 === 5 && { stream: false, model: 'claude-haiku-4-5', totalMs: 9000 }),
			...((place === 7 || place > 1000) && {
				notes: [{ field: 'top_k', action: 'dropped', detail: 'The upstream does not know it.' } as const],
			}),
		}),
		newest,
	)
})

const idOf = (place: number) => `req_filled${String(place).padStart(6, '0')}`
const link = (page: Page, place: number) => page.locator(`a[href="/requests/${idOf(place)}"]`)
const panel = (page: Page) => page.getByRole('complementary', { name: 'Request' })
const rows = (page: Page) => page.getByRole('table').locator('tbody tr[aria-rowindex]')
const expectParameters = (page: Page) =>
	expect.poll(() => Object.fromEntries(new URL(page.url()).searchParams))
const openFilled = async (path: string) => {
	const page = await admin.open(path)
	await rows(page).first().waitFor()
	return page
}

describe('the list', () => {
	it('narrows down by filters that are chips and the address', async () => {
		const page = await openFilled('/requests')
		await page.getByRole('button', { name: 'Filters', exact: true }).click()
		await page.getByRole('combobox', { name: 'Status', exact: true }).selectOption('Failed')
		await page.getByRole('button', { name: 'Remove the filter Status: Failed' }).waitFor()
		await link(page, 0).waitFor({ state: 'detached' })
		await link(page, 3).waitFor()
		await page.getByRole('searchbox').fill('no balance 13')
		await page.keyboard.press('Enter')
		await link(page, 3).waitFor({ state: 'detached' })
		await link(page, 13).waitFor()
		await expectParameters(page).toEqual({ outcome: 'failed', text: 'no balance 13' })
		await page.reload()
		await link(page, 13).waitFor()
		await page.getByRole('button', { name: 'Clear the filters' }).click()
		await link(page, 0).waitFor()
		await expectParameters(page).toEqual({})
	})

	it('finds slow ones, those in one piece, and those with notes', async () => {
		const page = await openFilled('/requests?minMs=5000&stream=false')
		await link(page, 5).waitFor()
		await link(page, 0).waitFor({ state: 'detached' })
		await page.goto(`${admin.proxy.url}/requests?notes=true&from=${newest - 900_000}`)
		await link(page, 7).waitFor()
		await expect.poll(() => rows(page).count()).toBe(1)
		await page.goto(`${admin.proxy.url}/requests?text=nothing-like-this`)
		await page.getByText('No request fits the filters').waitFor()
	})

	it('draws few rows of many, and reads on when scrolled to the end', async () => {
		const page = await openFilled(`/requests?to=${newest - 1_000_500}`)
		const frame = page.locator('div:has(> table)')
		const pageHeight = () => page.evaluate(() => document.documentElement.scrollHeight)
		await rest(page)
		const heightAtFirst = await pageHeight()
		for (const count of [200, 300, 400]) {
			await frame.evaluate(element => element.scrollTo({ top: element.scrollHeight }))
			await page.getByText(`${count} requests`).first().waitFor()
		}
		expect(await pageHeight()).toBe(heightAtFirst)
		await frame.evaluate(element => element.scrollTo({ top: 200 * 40 }))
		const readShown = () =>
			rows(page).evaluateAll(all => all.map(row => Number(row.getAttribute('aria-rowindex'))))
		// At the end it was the last; a screen further up it is not.
		await expect.poll(async () => (await readShown()).at(-1)).toBeLessThan(300)
		const shown = await readShown()
		expect(shown.length).toBeLessThan(80)
		expect(shown).toEqual(shown.map((_, place) => (shown[0] ?? 0) + place))
	})

	it('counts what is new without moving anything, and shows it when asked', async () => {
		const page = await openFilled('/requests')
		const readFirst = () => rows(page).first().locator('a').getAttribute('href')
		const first = await readFirst()
		const baseUrl = await findClosedAddress()
		await admin.proxy.use({ type: 'claude', baseUrl, name: 'nowhere' })
		await call(admin.proxy, { ...hello, model: 'claude-sonnet-5' })
		await admin.proxy.services.flush()
		// The page asks on focus, as it does every few seconds.
		await page.evaluate(() => window.dispatchEvent(new Event('focus')))
		const pill = page.getByRole('button', { name: /^Show \d+ new request/ })
		await pill.waitFor()
		expect(await readFirst()).toBe(first)
		await pill.click()
		await rows(page).first().getByText('Not reachable').waitFor()
		await pill.waitFor({ state: 'detached' })
	})

	it('has the columns that were chosen, also tomorrow', async () => {
		const page = await openFilled('/requests')
		await page.getByRole('button', { name: 'Columns' }).click()
		await page.getByRole('menuitemcheckbox', { name: 'Tool calls' }).click()
		await page.reload()
		await page.getByRole('columnheader', { name: 'Tools' }).waitFor()
	})
})

describe('the panel', () => {
	it('is used by the keyboard alone', async () => {
		// Others may have sent requests meanwhile.
		const page = await openFilled(`/requests?to=${newest + 500}`)
		await page.keyboard.press('j')
		await page.keyboard.press('Enter')
		await panel(page)
			.getByRole('heading', { name: idOf(0) })
			.waitFor()
		await panel(page).getByText('Answered by filled with key sk-…9f2a in 1.9 s.').waitFor()
		const focused = () => page.evaluate(() => document.activeElement?.textContent)
		await expect.poll(focused).toBe(idOf(0))
		await page.keyboard.press('j')
		await panel(page)
			.getByRole('heading', { name: idOf(1) })
			.waitFor()
		await page.keyboard.press('j')
		await page.keyboard.press('k')
		await panel(page)
			.getByRole('heading', { name: idOf(1) })
			.waitFor()
		await expect.poll(focused).toBe(idOf(1))
		await page.keyboard.press('Escape')
		await panel(page).waitFor({ state: 'detached' })
		await expect
			.poll(() => page.evaluate(() => document.activeElement?.getAttribute('href')))
			.toBe(`/requests/${idOf(1)}`)
		await page.keyboard.press('Enter')
		await panel(page).waitFor()
		await page.keyboard.press('o')
		await page.getByRole('heading', { level: 1, name: `Request ${idOf(1)}` }).waitFor()
	})

	it('opens by a click, closes with Back, and keeps its width', async () => {
		const page = await openFilled('/requests')
		await link(page, 2).click()
		await panel(page).waitFor()
		const handle = panel(page).getByRole('separator', { name: 'Width of the panel' })
		await handle.focus()
		await page.keyboard.press('ArrowLeft')
		await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('55')
		await page.goBack()
		await panel(page).waitFor({ state: 'detached' })
		await page.goto(`${admin.proxy.url}/requests?open=${idOf(4)}&tab=attempts`)
		await panel(page).getByText('The answer went to the client.').waitFor()
		await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('55')
	})
})

it('says that a request is not in the log any more', async () => {
	const page = await admin.open('/requests/req_long_gone', { expected: [/404/] })
	await page.getByText('This request is not in the log').waitFor()
})

it('has no sideways scroll and works on a phone: parts that open, a page of its own', async () => {
	const page = await admin.open('/requests', { width: 375, locale: 'en-XA' })
	await link(page, 0).waitFor()
	await expectNoSidewaysScroll(page)
	await page.setViewportSize({ width: 375, height: 800 })
	await link(page, 3).click()
	await page.waitForURL(new RegExp(idOf(3)))
	await page.locator('summary').nth(1).click()
	await page.locator('details[open] ol').waitFor()
	await expectNoSidewaysScroll(page)
})

it('is accessible in its states, in both themes', async () => {
	const page = await admin.open(`/requests?outcome=failed&open=${idOf(3)}`, { locale: 'en' })
	await rows(page).first().waitFor()
	await page.getByText('no balance 3', { exact: true }).first().waitFor()
	await page.getByRole('button', { name: /^(Filters|筛选)$/ }).click()
	await expectAccessible(page)
	for (const tab of ['attempts', 'payloads', 'replay']) {
		await page.goto(`${admin.proxy.url}/requests/${idOf(3)}?tab=${tab}`)
		await page.getByRole('tabpanel').locator(':scope > *').first().waitFor()
		await expectAccessible(page)
	}
})
