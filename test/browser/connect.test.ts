import Anthropic from '@anthropic-ai/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectNoSidewaysScroll, expectValue } from './support/checks.ts'
import { rest } from './support/traffic.ts'

const admin = useAdmin()
const key = 'sk-ant-connect-0123456789-9f2a'
let upstream: ScriptedUpstream

beforeAll(async () => {
	upstream = await startAnthropicUpstream({ keys: [key] })
	const modelMap = { opus: 'big-model', haiku: 'small-model' }
	await admin.proxy.use({ type: 'claude', baseUrl: upstream.url, name: 'scripted', modelMap }, [key])
})
afterAll(() => upstream.close())

/** What is to be copied; a tab or a switch changes it a moment later. */
const expectSnippet = (page: Page) => expect.poll(() => page.locator('main pre').first().textContent())
const expectJson = (page: Page) =>
	expect.poll(async () => JSON.parse((await page.locator('main pre').first().textContent()) ?? ''))

it('writes what each client takes, with the address of this server', async () => {
	const page = await admin.open('/connect')
	await page.getByRole('tab', { name: 'Claude Code' }).waitFor()
	await expectJson(page).toHaveProperty('env', {
		ANTHROPIC_BASE_URL: admin.proxy.url,
		ANTHROPIC_AUTH_TOKEN: '<the access key>',
	})
	await page.getByRole('switch', { name: 'Nothing to anyone else' }).check()
	await page.getByRole('switch', { name: 'Name the models of the upstream' }).check()
	await expectJson(page).toMatchObject({
		env: {
			ANTHROPIC_DEFAULT_OPUS_MODEL: 'big-model',
			ANTHROPIC_DEFAULT_HAIKU_MODEL: 'small-model',
			DISABLE_TELEMETRY: '1',
		},
	})
	await page.getByRole('tab', { name: 'Terminal' }).click()
	await page.getByRole('radio', { name: 'fish' }).check({ force: true })
	await expectSnippet(page).toContain('set -gx ANTHROPIC_BASE_URL')
	await page.getByRole('tab', { name: 'VS Code' }).click()
	await expectJson(page).toMatchObject({
		'claudeCode.environmentVariables': expect.arrayContaining([
			{ name: 'ANTHROPIC_BASE_URL', value: admin.proxy.url },
		]),
	})
	await page.getByLabel('Base URL').first().fill('https://proxy.example.com/v1/')
	await page.getByRole('tab', { name: 'SDK' }).click()
	await expectSnippet(page).toContain('baseURL: "https://proxy.example.com"')
	await page.waitForURL('**/connect?client=sdk')
	await page.reload()
	await page.getByRole('tab', { name: 'SDK', selected: true }).waitFor()
})

it('puts the pasted access key only into what is copied', async () => {
	const page = await admin.open('/connect')
	// The clipboard itself belongs to the whole computer.
	await page.evaluate(() => {
		navigator.clipboard.writeText = async text => void Object.assign(globalThis, { copied: text })
	})
	await page.getByLabel('Access key').fill(accessKey)
	await page.getByText('The key is shown by its mask here.').waitFor()
	// It is said for a moment: waited for from before.
	const said = page.getByText('Copied', { exact: true }).waitFor()
	await page.getByRole('button', { name: 'Copy: Claude Code' }).click()
	await said
	const copied = await page.evaluate(() => (globalThis as unknown as { copied: string }).copied)
	expect(JSON.parse(copied).env.ANTHROPIC_AUTH_TOKEN).toBe(accessKey)
	const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
	expect(stored + (await page.content())).not.toContain(accessKey)
	await page.reload()
	await expectValue(page.getByLabel('Access key'), '')
})

it('waits for the first request of a real client, and shows it', async () => {
	upstream.script({ text: 'from the test' }, { text: 'from the client' })
	const page = await admin.open('/connect')
	await page.getByText('Waiting for your first request…').waitFor()
	await page.getByRole('button', { name: 'Send a test request' }).click()
	await page.getByText('from the test').waitFor()
	await page.getByText(/scripted answered in/).waitFor()
	expect(await page.getByText('Connected: it works.').count()).toBe(0)
	const card = page.getByRole('region', { name: 'First request' })
	await rest(page)
	const height = async () => (await card.boundingBox())?.height
	const waitingHeight = await height()
	expect(waitingHeight).toBeGreaterThan(0)
	const client = new Anthropic({ baseURL: admin.proxy.url, apiKey: accessKey, maxRetries: 0 })
	const message = {
		model: 'claude-sonnet-5-5',
		max_tokens: 20,
		messages: [{ role: 'user' as const, content: 'Hi' }],
	}
	await client.messages.create(message)
	await admin.proxy.services.flush()
	await page.getByText('Connected: it works.').waitFor()
	expect(await height()).toBe(waitingHeight)
	expect(await card.locator('dl').textContent()).toMatch(
		/Client\s*Anthropic SDK.*Model\s*claude-sonnet-5-5.*Upstream\s*scripted/,
	)
	await card.getByRole('button', { name: 'Wait for another' }).click()
	await card.getByText(/The last one before came from/).waitFor()
})

it('says why the test failed', async () => {
	upstream.keyFaults.set(key, upstream.faults.invalidKey)
	const page = await admin.open('/connect', { expected: [/401|5\d\d/] })
	await page.getByRole('button', { name: 'Send a test request' }).click()
	const alert = page.getByRole('alert')
	await alert.getByText('The upstream does not accept the key.').waitFor()
	upstream.keyFaults.clear()
})

it('is accessible in its states, in both themes, and fits', async () => {
	const page = await admin.open('/connect?client=shell', { locale: 'zh-CN' })
	await page.locator('main pre').waitFor()
	await expectAccessible(page)
	await expectNoSidewaysScroll(page, [320, 959, 1280])
})
