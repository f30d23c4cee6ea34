import { afterAll, beforeAll, expect, it } from 'vitest'
import { adminClient } from '../support/admin-client.ts'
import { call } from '../support/call.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { readDownload } from './requests-support.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible } from './support/checks.ts'

const admin = useAdmin()
const key = 'sk-ant-REDACTED-9f2a'
let upstream: ScriptedUpstream
let recorded = ''
let unrecorded = ''

const ask = async (stream: boolean) => {
	const body = {
		model: 'claude-opus-5',
		max_tokens: 64,
		stream,
		messages: [{ role: 'user', content: `The password is ${key}, keep it.` }],
	}
	const { headers } = await call(admin.proxy, body)
	await admin.proxy.services.flush()
	return headers.get('request-id') ?? ''
}
const record = async (mode: 'off' | 'all') => {
	const api = adminClient(admin.proxy, { 'x-api-key': accessKey })
	const { status, text } = await api('PATCH', '/api/settings', {
		body: { recording: { mode, maxKb: 64, days: 3 } },
	})
	expect(status, text).toBe(200)
}

beforeAll(async () => {
	upstream = await startAnthropicUpstream({ keys: [key] })
	await admin.proxy.use(
		{
			type: 'claude',
			baseUrl: upstream.url,
			name: 'scripted',
			modelMap: { opus: 'claude-sonnet-5-5' },
		},
		[key],
	)
	await record('off')
	unrecorded = await ask(false)
	await record('all')
	upstream.script({ text: ['Hello ', 'there'] })
	recorded = await ask(true)
})
afterAll(() => upstream.close())

it('shows the four bodies side by side, marks what changed, and never the key', async () => {
	const page = await admin.open(`/requests/${recorded}?tab=payloads`)
	const pane = (name: string) => page.getByRole('region', { name, exact: true })
	await pane('Client request').getByText('"claude-opus-5"').waitFor()
	await pane('Upstream request').getByText('"claude-sonnet-5-5"').waitFor()
	await pane('Client request').getByText('Changed').first().waitFor()
	const answer = pane('Client answer')
	await answer.getByRole('slider').focus()
	await page.keyboard.press('End')
	await answer.getByText('Hello there').waitFor()
	await pane('Upstream request').getByRole('radio', { name: 'curl' }).check({ force: true })
	await pane('Upstream request').getByText('"$UPSTREAM_KEY"').waitFor()
	await pane('Upstream request').getByText(`${upstream.url}/v1/messages`).waitFor()
	await pane('Client request').getByRole('radio', { name: 'Raw' }).check({ force: true })
	expect(await page.content()).not.toContain(key.slice(0, 20))
	await expectAccessible(page)
})

it('folds the two requests together', async () => {
	const page = await admin.open(`/requests/${recorded}?tab=payloads`)
	const toggles = page.getByRole('button', { name: 'Open messages', exact: true })
	await expect.poll(() => toggles.count()).toBe(2)
	await toggles.first().click()
	await expect.poll(() => toggles.nth(1).getAttribute('aria-expanded')).toBe('false')
})

it('sends a recorded request again', async () => {
	upstream.script({ text: 'Once more' })
	const page = await admin.open(`/requests/${recorded}?tab=replay`, { expected: [/404/] })
	await page.getByRole('button', { name: 'Send again' }).click()
	await page.getByText('Once more', { exact: true }).waitFor()
	await page.getByRole('link', { name: 'Open the new request' }).click()
	await page.waitForURL(url => !url.href.includes(recorded))
	await page.getByRole('heading', { level: 1 }).waitFor()
	await page.getByText('Answered by scripted').waitFor()
})

it('says that nothing was recorded, and where that is set', async () => {
	const page = await admin.open(`/requests/${unrecorded}?tab=payloads`)
	await page.getByText('The bodies of this request were not recorded').waitFor()
	expect(await page.getByRole('link', { name: 'Recording in Settings' }).getAttribute('href')).toContain(
		'/settings',
	)
	await page.getByText('Bodies are kept for 3 days').waitFor()
})

it('downloads the whole without any key', async () => {
	const page = await admin.open(`/requests/${recorded}`)
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Download JSON' }).click(),
	])
	const text = await readDownload(file)
	expect(JSON.parse(text)).toMatchObject({ request: { id: recorded }, payloads: { mode: 'all' } })
	expect(text).not.toContain(key.slice(0, 20))
})
