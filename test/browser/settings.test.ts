import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { beginAttempt } from '../../db/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectFocus, expectNoSidewaysScroll, expectValue } from './support/checks.ts'
import { rest } from './support/traffic.ts'

const admin = useAdmin()
const secret = 'sk-settings-secret-0123456789'

beforeAll(async () => {
	await admin.proxy.use({ name: 'kimi', type: 'claude', baseUrl: 'http://127.0.0.1:9' }, [secret])
})

const group = (page: Page, id: string) => page.locator(`#${id}`)
const save = (page: Page, id: string) => group(page, id).getByRole('button', { name: 'Save', exact: true })
/** Until the page knows of it, which is later than the server. */
const waitUntilSaved = (page: Page, id: string) =>
	group(page, id).locator('button[type=submit]:disabled:not([aria-busy])').waitFor()
const readSettings = async () => (await admin.proxy.repository.listSettings()).settings
const open = async (options = {}) => {
	const page = await admin.open('/settings', options)
	await save(page, 'recording').waitFor()
	return page
}

it('saves each group by itself, and takes it back', async () => {
	const page = await open()
	await group(page, 'recording').getByRole('radio', { name: 'All requests' }).check()
	await group(page, 'recording').getByLabel('Keep them for').fill('3')
	await group(page, 'retention').getByLabel('Request log').fill('14')
	await save(page, 'recording').click()
	await page.getByText('Recording: saved.').waitFor()
	expect(await readSettings()).toMatchObject({
		recording: { mode: 'all', maxKb: 256, days: 3 },
		retention: { requestDays: 30 },
	})
	expect(await group(page, 'retention').getByLabel('Request log').inputValue()).toBe('14')
	await page.getByRole('button', { name: 'Undo' }).click()
	// Not before the page knows the new revision: it would meet its own change as somebody else's.
	await group(page, 'recording').getByRole('radio', { name: 'Failed requests', checked: true }).waitFor()
	await expect.poll(async () => (await readSettings()).recording.mode).toBe('errors')
	await group(page, 'retention').getByLabel('Request log').press('Control+s')
	await expect.poll(async () => (await readSettings()).retention.requestDays).toBe(14)
})

it('keeps what is typed while it saves, and knows that it is not saved', async () => {
	const page = await open()
	const field = group(page, 'recording').getByLabel('Keep them for')
	let release = () => {}
	const released = new Promise<void>(resolve => {
		release = resolve
	})
	await page.route('**/api/settings', async route => {
		if (route.request().method() === 'PATCH') await released
		await route.fallback()
	})
	const sent = page.waitForRequest(request => request.method() === 'PATCH')
	await field.fill('4')
	await save(page, 'recording').click()
	await sent
	await field.fill('6')
	release()
	await page.getByText('Recording: saved.').waitFor()
	await expectValue(field, '6')
	expect((await readSettings()).recording.days).toBe(4)
	await save(page, 'recording').click()
	await expect.poll(async () => (await readSettings()).recording.days).toBe(6)
	await waitUntilSaved(page, 'recording')
})

it('keeps what was typed when it is wrong, says so, and asks before it is lost', async () => {
	const page = await open()
	const field = group(page, 'recording').getByLabel('At most of each body')
	await field.fill('a lot')
	await save(page, 'recording').click()
	await group(page, 'recording').getByText('A whole number from 1 to 4,096.').waitFor()
	expect(await field.inputValue()).toBe('a lot')
	await expectFocus(field)
	await page.getByRole('link', { name: 'History' }).click()
	await page.getByRole('alertdialog').getByRole('button', { name: 'Stay' }).click()
	expect(await field.inputValue()).toBe('a lot')
	await group(page, 'recording').getByRole('button', { name: 'Discard' }).click()
	await expectValue(field, '256')
})

it('shows both sides when somebody else changed the same, and saves over the rest', async () => {
	const page = await open({ expected: [/409/] })
	const field = group(page, 'recording').getByLabel('Keep them for')
	await field.fill('5')
	const { repository } = admin.proxy
	await repository.changeSettings({ recording: { mode: 'all', maxKb: 64, days: 9 } }, { author: 'cli' })
	await save(page, 'recording').click()
	await group(page, 'recording').getByText('Somebody else changed this meanwhile').waitFor()
	await group(page, 'recording').getByText('Theirs', { exact: true }).waitFor()
	expect(await field.inputValue()).toBe('5')
	await group(page, 'recording').getByRole('button', { name: 'Save mine over it' }).click()
	await expect.poll(async () => (await readSettings()).recording.days).toBe(5)
	await waitUntilSaved(page, 'recording')
	await group(page, 'retention').getByLabel('Usage').fill('200')
	await repository.changeSettings({ strategy: 'random' }, { author: 'cli' })
	await save(page, 'retention').click()
	await expect.poll(async () => (await readSettings()).retention.usageDays).toBe(200)
})

it('keeps prices of your own, begun from a built-in one', async () => {
	const page = await open()
	const prices = group(page, 'prices')
	await prices.getByText('Built-in prices', { exact: true }).click()
	await prices.getByLabel('Find a model').fill('kimi-k3')
	await prices.getByRole('button', { name: 'Set another price for kimi-k3*' }).click()
	const input = prices.getByLabel('Input, kimi-k3*')
	await input.fill('-1')
	await save(page, 'prices').click()
	await prices.getByText('A number, 0 or more.').waitFor()
	await input.fill('1.25')
	await save(page, 'prices').click()
	await expect
		.poll(async () => (await readSettings()).prices)
		.toMatchObject([{ model: 'kimi-k3*', input: 1.25 }])
	await waitUntilSaved(page, 'prices')
	await prices.getByRole('button', { name: 'Remove the price of kimi-k3*' }).click()
	await save(page, 'prices').click()
	await expect.poll(async () => (await readSettings()).prices).toEqual([])
})

it('tells which variables set the rest, never a key', async () => {
	const page = await open()
	await group(page, 'proxy').getByText('Set by the environment').click()
	await group(page, 'proxy')
		.getByRole('row', { name: /REQUEST_TIMEOUT 300000/ })
		.waitFor()
	await group(page, 'proxy')
		.getByRole('row', { name: /ENCRYPTION_KEY set/ })
		.waitFor()
	await group(page, 'about').getByText('Diagnostics').click()
	await group(page, 'about').getByText('claude-proxy: 0.0.0-test').waitFor()
	const html = await page.content()
	for (const key of [secret, 'test-access-key', 'an encryption key']) expect(html).not.toContain(key)
})

it('adds a webhook, shows its secret once, tests, switches and removes it', async () => {
	const page = await open()
	const webhooks = group(page, 'webhooks')
	await webhooks.getByRole('button', { name: 'Add webhook' }).click()
	const dialog = page.getByRole('dialog', { name: 'Add a webhook' })
	await dialog.getByLabel('Name').fill('chat')
	await dialog.getByLabel('Address').fill('not an address')
	await dialog.getByRole('button', { name: 'Add webhook' }).click()
	await dialog.getByText('This has to be an http:// or https:// URL.').waitFor()
	await dialog.getByLabel('Address').fill('http://127.0.0.1:9/services/hidden-part')
	await dialog.getByRole('button', { name: 'Add webhook' }).click()
	const told = page.getByRole('dialog', { name: 'The signing secret' })
	const made = await told.locator('code').first().textContent()
	expect(made).toMatch(/^whsec_/)
	await told.getByRole('button', { name: 'I have it' }).click()
	await told.waitFor({ state: 'detached' })
	const html = await page.content()
	for (const hidden of [made ?? '', 'hidden-part']) expect(html).not.toContain(hidden)
	await webhooks.getByRole('button', { name: 'Actions for chat' }).click()
	await page.getByRole('menuitem', { name: 'Send a test' }).click()
	await page.getByText(/chat did not take the test message/).waitFor()
	await webhooks.getByText(/^failed:/).waitFor()
	await webhooks.getByRole('switch', { name: 'chat is told' }).uncheck()
	await expect
		.poll(async () => (await admin.proxy.services.observation.webhooks.list())[0]?.enabled)
		.toBe(false)
	await webhooks.getByRole('button', { name: 'Actions for chat' }).click()
	await page.getByRole('menuitem', { name: 'Remove…' }).click()
	await page.getByRole('alertdialog').getByRole('button', { name: 'Remove webhook' }).click()
	await webhooks.getByText('Nobody is told of incidents yet.').waitFor()
})

it('compacts the database, and tells its size before and after', async () => {
	const { database } = admin.proxy.services
	await database.execute('CREATE TABLE large AS SELECT hex(zeroblob(1000000)) AS text')
	await database.execute('DROP TABLE large')
	const page = await open()
	await group(page, 'data')
		.getByText(/\d MB of the file is free/)
		.waitFor()
	await group(page, 'data').getByRole('button', { name: 'Compact' }).click()
	await group(page, 'data')
		.getByText(/^Compacted: \d.* MB before, \d.* kB now\.$/)
		.waitFor()
	const [{ free } = {}] = await database.execute('SELECT freelist_count AS free FROM pragma_freelist_count()')
	expect(free).toBe(0)
})

it('shows times in the zone that is chosen, on every page', async () => {
	const page = await open()
	const zone = page.getByRole('combobox', { name: 'Time zone' })
	const expectTimesIn = async (name: string) => {
		await page.goto(`${admin.proxy.url}/history`)
		const time = page.locator('a[data-revision] time').first()
		const at = Date.parse((await time.getAttribute('datetime')) ?? '')
		const expected = new Intl.DateTimeFormat('en', {
			dateStyle: 'medium',
			timeStyle: 'short',
			timeZone: name,
		})
		await expect.poll(() => time.getAttribute('title')).toBe(expected.format(at))
		await page.goto(`${admin.proxy.url}/settings`)
	}
	await expectValue(zone, '')
	await zone.focus()
	await zone.selectOption('Asia/Tokyo')
	await expectTimesIn('Asia/Tokyo')
	await expectValue(zone, 'Asia/Tokyo')
	await zone.focus()
	await zone.selectOption('')
	await expectTimesIn(await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone))
})

it('tells from where wrong keys came, and who waits', async () => {
	const { database } = admin.proxy.services
	const page = await open()
	const security = group(page, 'security')
	await security.getByText('None.', { exact: true }).waitFor()
	for (let count = 0; count < 9; count++) {
		await beginAttempt(database, '192.0.2.7')
		if (count < 8) await database.execute('UPDATE login_attempts SET blocked_until = 0')
	}
	// Sixteen seconds and ten minutes: long enough for a slow page to tell of them.
	await database.execute('UPDATE login_attempts SET blocked_until = blocked_until + 600000')
	await page.reload()
	const line = security.getByRole('row', { name: /192\.0\.2\.7/ })
	await line.getByText('9', { exact: true }).waitFor()
	await line.getByText(/^(10|9):\d\d$/).waitFor()
	await expectAccessible(page)
	await database.execute('DELETE FROM login_attempts')
})

it('deletes the logs only when that was typed', async () => {
	const page = await open()
	await page.getByRole('button', { name: 'Delete all logs…' }).click()
	const dialog = page.getByRole('alertdialog')
	const button = dialog.getByRole('button', { name: 'Delete all logs' })
	await dialog.getByRole('button', { name: 'Delete all logs', disabled: true }).waitFor()
	await dialog.getByRole('textbox').fill('delete all logs')
	await button.click()
	await page.getByText(/requests? deleted from the log/).waitFor()
})

it('ends other sessions: they sign in again', async () => {
	const other = await admin.open('/history', { expected: [/401/] })
	const page = await open()
	const security = group(page, 'security')
	await security.getByText('This browser').waitFor()
	await security.getByRole('button', { name: 'Sign out all others' }).click()
	await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out all others' }).click()
	await security.getByRole('button', { name: 'Sign out all others' }).waitFor({ state: 'detached' })
	await expect.poll(() => security.getByRole('row').count()).toBe(2)
	await other.evaluate(() => window.dispatchEvent(new Event('focus')))
	await other.getByRole('dialog', { name: 'Sign in again' }).waitFor()
	await security.getByRole('button', { name: 'Sign out here' }).click()
	await page.waitForURL('**/login**')
})

/** Once all are there: which is the third must not change meanwhile. */
async function openAll(page: Page): Promise<void> {
	await rest(page)
	for (const summary of await page.locator('main summary').all()) await summary.click()
}

it('never scrolls sideways, with all opened', async () => {
	const page = await admin.open('/settings', { locale: 'en-XA' })
	await page.locator('#recording form').waitFor()
	await openAll(page)
	await page.locator('#prices button').first().click()
	await expectNoSidewaysScroll(page)
})

it('is accessible in its states, in both themes', async () => {
	const page = await admin.open('/settings', { locale: 'zh-CN' })
	await page.locator('#recording form').waitFor()
	await openAll(page)
	await page.getByRole('button', { name: /^(Add price|添加价格)$/ }).click()
	await page.getByRole('radio', { name: /^(Sealed|加密)/ }).check()
	await page.locator('#prices table').waitFor()
	await expectAccessible(page)
	await page.getByRole('button', { name: /^(Add webhook|添加 Webhook)$/ }).click()
	await page.getByRole('dialog').waitFor()
	await expectAccessible(page)
})
