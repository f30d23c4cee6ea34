import { expect, it } from 'vitest'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectNoSidewaysScroll } from './support/checks.ts'

const admin = useAdmin()

it('leads on from an address with nothing at it', async () => {
	const page = await admin.open('/nowhere')
	await page.getByRole('heading', { level: 1, name: 'There is nothing at this address' }).waitFor()
	await expectAccessible(page)
	await page.getByRole('button', { name: 'Find a page' }).click()
	await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('histor')
	await page.locator('[role=option][aria-selected=true]', { hasText: 'History' }).waitFor()
	await page.keyboard.press('Enter')
	await page.getByRole('heading', { level: 1, name: 'History' }).waitFor()
})

it('says what a page failed on, and gives something to report it with', async () => {
	const page = await admin.open('/history', { expected: [/TypeError/, /^console: /] })
	await page.getByRole('heading', { level: 1, name: 'History' }).waitFor()
	// An answer that the page cannot make sense of.
	await page.route('**/api/revisions?*', route =>
		route.fulfill({ json: { revisions: [{ revision: 1, changes: null }], kept: 1, total: 1 } }),
	)
	await page.reload()
	await page.getByRole('heading', { level: 1, name: 'This page could not be shown' }).waitFor()
	await page.getByText(/^TypeError: /).waitFor()
	await page.getByRole('button', { name: 'Load again' }).waitFor()
	await expectNoSidewaysScroll(page, [320])
	await expectAccessible(page)
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
	// It is said for a moment: waited for from before.
	const said = page.getByText('Copied').waitFor()
	await page.getByRole('button', { name: 'Copy: Diagnostics for a bug report' }).click()
	await said
	const copied = await page.evaluate(() => navigator.clipboard.readText())
	expect(copied).toMatch(/^page: \/history$/m)
	expect(copied).toMatch(/^error: 500 · TypeError: .* · [\w./-]+\.js:\d+:\d+$/m)
	expect(copied).not.toContain(admin.proxy.url)
})

it('names the variables to look at when the database is away, with the request id', async () => {
	const page = await admin.open('/', { expected: [/503/] })
	await page.getByRole('heading', { level: 1 }).waitFor()
	const message = 'The database cannot be reached.'
	await page.route('**/api/revisions?*', route =>
		route.fulfill({
			status: 503,
			json: {
				type: 'error',
				error: { type: 'api_error', code: 'database-unavailable', message },
				request_id: 'req_7',
			},
		}),
	)
	await page.getByRole('link', { name: 'History' }).click()
	await page.getByText(/TURSO_DATABASE_URL/).waitFor()
	await page.getByText('req_7').waitFor()
	await page.unroute('**/api/revisions?*')
	await page.getByRole('button', { name: 'Try again' }).click()
	await page.getByText('Nothing has changed yet').waitFor()
})
