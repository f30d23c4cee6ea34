import { expect, it } from 'vitest'
import { accessKey } from '../support/proxy.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectFocus } from './support/checks.ts'

const admin = useAdmin()
/** The browser itself reports every refused request. */
const refused = { signedOut: true, expected: [/status of 401/, /status of 429/] }

it('signs in and goes to the page that was wanted', async () => {
	const page = await admin.open('/history?page=2', refused)
	await page.waitForURL('**/login?next=**')
	await page.getByLabel('Admin key').fill(accessKey)
	await page.getByLabel('Admin key').press('Enter')
	await page.waitForURL('**/history?page=2')
	await page.getByRole('heading', { level: 1, name: 'History' }).waitFor()
})

it('keeps the session for 30 days when asked to, else until the browser is closed', async () => {
	const signIn = async (remember: boolean) => {
		const page = await admin.open('/login', refused)
		await page.getByLabel('Admin key').fill(accessKey)
		if (remember) await page.getByLabel('Stay signed in').check()
		await page.getByRole('button', { name: 'Sign in' }).click()
		await page.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
		const cookies = await page.context().cookies()
		return cookies.find(cookie => cookie.name.includes('claude_proxy_session'))
	}
	expect(await signIn(false)).toMatchObject({ expires: -1, httpOnly: true, sameSite: 'Strict' })
	const days = ((await signIn(true))?.expires ?? 0) / 86_400 - Date.now() / 86_400_000
	expect(days).toBeGreaterThan(29)
})

it('says that a key is wrong without saying how, keeps it, and puts the focus there', async () => {
	const page = await admin.open('/login', refused)
	const field = page.getByLabel('Admin key')
	await page.getByRole('button', { name: 'Sign in' }).click()
	await expectInvalid(page, 'Enter the key.')
	await field.fill('not-the-key')
	await page.getByRole('button', { name: 'Sign in' }).click()
	await expectInvalid(page, 'This key does not fit.')
	expect(await field.inputValue()).toBe('not-the-key')
	await expectFocus(field)
	await expectAccessible(page)
})

it('shows the key only when asked to', async () => {
	const page = await admin.open('/login', refused)
	const field = page.getByLabel('Admin key')
	expect(await field.getAttribute('type')).toBe('password')
	await page.getByRole('button', { name: 'Show the key' }).click()
	await expect.poll(() => field.getAttribute('type')).toBe('text')
})

it('asks to sign in over the page when the session ends, and keeps what was typed', async () => {
	const page = await admin.open('/dev/components', refused)
	await page.goto(`${admin.proxy.url}/login`)
	await page.getByLabel('Admin key').fill(accessKey)
	await page.getByLabel('Admin key').press('Enter')
	await page.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
	await page.context().clearCookies()
	await page.evaluate(() => window.dispatchEvent(new Event('focus')))
	const dialog = page.getByRole('dialog', { name: 'Sign in again' })
	await dialog.getByLabel('Admin key').fill(accessKey)
	await dialog.getByLabel('Admin key').press('Enter')
	await dialog.waitFor({ state: 'detached' })
	expect(new URL(page.url()).pathname).toBe('/')
})

it('counts down after too many attempts', async () => {
	const page = await admin.open('/login', refused)
	const field = page.getByLabel('Admin key')
	const button = page.getByRole('button', { name: 'Sign in' })
	const { database } = admin.proxy.services
	for (let attempt = 0; attempt < 12 && (await button.isEnabled()); attempt++) {
		// The first waits are over before a slow page has told of them.
		if (attempt === 1) await database.execute('UPDATE login_attempts SET failures = failures + 8')
		const answered = page.waitForResponse('**/api/session')
		await field.fill(`wrong-${attempt}`)
		await field.press('Enter')
		await answered
		await page.locator('button[type=submit]:not([aria-busy])').waitFor()
	}
	await page.getByText(/You can try again in \d+ second/).waitFor()
	await page.getByRole('button', { name: 'Sign in', disabled: true }).waitFor()
})

async function expectInvalid(page: Awaited<ReturnType<typeof admin.open>>, text: string) {
	await page.locator('main p', { hasText: text }).first().waitFor()
	await expect.poll(() => page.getByLabel('Admin key').getAttribute('aria-invalid')).toBe('true')
}
