import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { call } from '../support/call.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectNoSidewaysScroll, expectValue } from './support/checks.ts'
import { pasteText } from './upstreams-support.ts'

const admin = useAdmin()
const key = 'sk-setup-0123456789abcdef-9f2a'
let upstream: ScriptedUpstream

beforeAll(async () => {
	upstream = await startOpenAiUpstream({ keys: [key] })
})
afterAll(() => upstream.close())
/** Every test begins with a fresh server. */
beforeEach(async () => {
	const { repository, services } = admin.proxy
	const { upstreams } = await repository.read()
	for (const { id } of upstreams) await repository.removeUpstream(id, { author: 'cli', message: 'test' })
	await services.config.refresh()
})

const stepOf = (page: Page) => page.locator('[aria-current="step"]').textContent()
const atStep = (page: Page, name: string) => expect.poll(() => stepOf(page)).toContain(name)
const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click()

it('leads from an empty server to the first request of a client', async () => {
	const page = await admin.open('/')
	await page.getByRole('link', { name: 'Set up step by step' }).click()
	await atStep(page, 'Check')
	const checks = page.getByRole('list', { name: 'Is everything there?' })
	await checks.getByText(/A file on the server/).waitFor()
	await expect.poll(() => checks.getByText('fine', { exact: true }).count()).toBe(4)
	await next(page)
	await atStep(page, 'Secure')
	await page.getByText('It is the access key: whoever can send requests can also open this admin.').waitFor()
	await next(page)
	await atStep(page, 'First upstream')
	await pasteText(page, `OPENAI_BASE_URL=${upstream.url}/v1\nOPENAI_API_KEY=${key}`)
	await page.getByText('Filled in from what you pasted').waitFor()
	await page.getByLabel('Name').fill('mine')
	await page.keyboard.press('Control+Enter')
	await page.getByText('Saved as the current upstream.').waitFor()
	await page.getByText('Works').first().waitFor()
	await page.getByRole('button', { name: 'On to the client' }).click()
	await atStep(page, 'Connect')
	await page.getByText('Waiting for your first request…').waitFor()
	upstream.script({ text: 'Welcome' })
	expect((await call(admin.proxy)).status).toBe(200)
	await admin.proxy.services.flush()
	await page.getByText('Connected: it works.').waitFor()
	const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
	expect(stored + (await page.content())).not.toContain(key)
	await page.getByRole('link', { name: 'Finish' }).click()
	await page.getByRole('link', { name: 'mine', exact: true }).first().waitFor()
	await page.goto(`${admin.proxy.url}/setup`)
	await page.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
	await page.waitForURL(url => url.pathname === '/')
})

it('goes on where somebody left it, and back by the browser', async () => {
	const page = await admin.open('/setup?step=secure')
	await atStep(page, 'Secure')
	await next(page)
	await atStep(page, 'First upstream')
	await page.reload()
	await atStep(page, 'First upstream')
	await page.goBack()
	await atStep(page, 'Secure')
	await page.getByRole('link', { name: 'Check' }).click()
	await atStep(page, 'Check')
	await page.goto(`${admin.proxy.url}/setup?step=connect`)
	await atStep(page, 'First upstream')
})

it('keeps an upstream that does not work only when told to', async () => {
	const page = await admin.open('/setup?step=upstream', { expected: [/4\d\d/] })
	await page.getByRole('button', { name: 'Save and test' }).click()
	await expect.poll(() => page.locator('[aria-invalid="true"]').count()).toBeGreaterThan(1)
	await page.getByLabel('Base URL').fill(`${upstream.url}/v1`)
	await page.getByLabel('Keys').fill('sk-wrong-0123456789')
	await page.getByLabel('Name').fill('mine')
	await page.getByText('Type: Claude').click()
	await page.getByRole('radio', { name: /^OpenAI Chat/ }).check()
	await page.getByRole('button', { name: 'Save and test' }).click()
	await page.getByText('Key refused').first().waitFor()
	await page.getByText('The upstream does not accept the key.').waitFor()
	await page.getByRole('button', { name: 'Change it' }).click()
	await page.getByLabel('Keys').fill(key)
	expect((await admin.proxy.repository.read()).upstreams).toEqual([])
	await expectValue(page.getByLabel('Base URL'), `${upstream.url}/v1`)
	await page.getByRole('button', { name: 'Save and test' }).click()
	await page.getByText('Works').first().waitFor()
	const { upstreams, currentUpstreamId } = await admin.proxy.repository.read()
	expect(upstreams).toMatchObject([{ id: currentUpstreamId, name: 'mine', type: 'openai' }])
})

it('fills the form from the grid of services', async () => {
	const page = await admin.open('/setup?step=upstream')
	await page.getByRole('button', { name: 'DeepSeek', exact: true }).click()
	await expectValue(page.getByLabel('Base URL'), 'https://api.deepseek.com/anthropic')
	await page.getByText('https://api.deepseek.com/anthropic/v1/messages').waitFor()
})

it('asks who it is first, and comes back', async () => {
	const page = await admin.open('/setup?step=secure', { signedOut: true, expected: [/401/] })
	await page.getByLabel('Admin key').fill(accessKey)
	await page.keyboard.press('Enter')
	await atStep(page, 'Secure')
})

it.each(['en', 'zh-CN'] as const)('is accessible in %s in every step, in both themes', async locale => {
	const page = await admin.open('/setup', { locale })
	for (const step of ['check', 'secure', 'upstream', 'connect']) {
		if (step === 'connect') await admin.proxy.use({ type: 'openai', baseUrl: upstream.url }, [key])
		await page.goto(`${admin.proxy.url}/setup?step=${step}`)
		await page.locator('[aria-current="step"]').waitFor()
		await expectAccessible(page)
		if (locale === 'zh-CN') await expectNoSidewaysScroll(page, [320, 960])
	}
})

it('never scrolls sideways, however long the words', async () => {
	const page = await admin.open('/setup', { locale: 'en-XA' })
	for (const step of ['check', 'secure', 'upstream']) {
		await page.goto(`${admin.proxy.url}/setup?step=${step}`)
		await page.locator('[aria-current="step"]').waitFor()
		await expectNoSidewaysScroll(page)
	}
})
