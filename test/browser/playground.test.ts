import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminClient } from '../support/admin-client.ts'
import { call } from '../support/call.ts'
import { accessKey } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectNoSidewaysScroll, expectValue } from './support/checks.ts'

const admin = useAdmin()
const key = 'sk-ant-playground-0123456789-9f2a'
let claude: ScriptedUpstream
let openai: ScriptedUpstream

beforeAll(async () => {
	claude = await startAnthropicUpstream({ keys: [key] })
	openai = await startOpenAiUpstream({ keys: [key] })
	const modelMap = { sonnet: 'gpt-5-mini' }
	await admin.proxy.use({ type: 'openai', baseUrl: `${openai.url}/v1`, name: 'second', modelMap }, [key])
	await admin.proxy.use({ type: 'claude', baseUrl: claude.url, name: 'first' }, [key])
})
afterAll(async () => {
	await claude.close()
	await openai.close()
})

const answer = (page: Page) => page.getByRole('region', { name: 'Answer', exact: true })
const run = (page: Page) => page.getByRole('button', { name: 'Run' }).click()
const openPlayground = async (options: Parameters<typeof admin.open>[1] = {}, path = '/playground') => {
	const page = await admin.open(path, options)
	await page.locator('h1').waitFor()
	return page
}
const preset = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const expectNoKey = async (page: Page) => {
	const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
	expect(stored + (await page.content())).not.toContain(key)
}

describe('a run', () => {
	it('shows a streamed answer while it comes, by the keyboard alone, and what it took', async () => {
		const gate = claude.gate()
		claude.script({
			thinking: ['Let me see. '],
			text: ['Good ', 'morning ', 'to ', 'you ', 'all ', 'there'],
			usage: { input: 12, output: 34 },
			gate,
		})
		const page = await openPlayground()
		await page.getByRole('textbox', { name: 'Text of message 1' }).fill('Greet me')
		await page.keyboard.press('Control+Enter')
		// The thinking, and some words of the text.
		gate.release(9)
		await answer(page).getByText('Good', { exact: false }).first().waitFor()
		expect(await answer(page).getByText('Complete', { exact: true }).count()).toBe(0)
		gate.open()
		await answer(page).getByText('Good morning to you all there', { exact: true }).waitFor()
		await answer(page).getByText('end_turn').waitFor()
		await answer(page).getByText('Answered by first').waitFor()
		const readout = answer(page).locator('dl').first()
		await expect.poll(() => readout.textContent()).toMatch(/Tokens in\s*12\s*Tokens out\s*34/)
		expect(await answer(page).getByText('Let me see.').isVisible()).toBe(false)
		await answer(page).getByText('Thinking', { exact: true }).click()
		await answer(page).getByText('Let me see.').waitFor()
		await answer(page)
			.getByRole('tab', { name: /^Events/ })
			.click()
		await answer(page).getByRole('slider').focus()
		await page.keyboard.press('End')
		await answer(page).getByText('message_stop').first().waitFor()
		await expectNoKey(page)
	})

	it('ends the work of the upstream when it is stopped', async () => {
		const gate = claude.gate()
		claude.script({ text: ['Once ', 'upon ', 'a time'], gate })
		const page = await openPlayground()
		await preset(page, 'Long output')
		await run(page)
		gate.release(4)
		await answer(page).getByText('Once', { exact: false }).first().waitFor()
		await page.getByRole('button', { name: 'Stop' }).click()
		await claude.waitForAbort()
		await answer(page).getByText('Cancelled', { exact: true }).last().waitFor()
		const api = adminClient(admin.proxy, { 'x-api-key': accessKey })
		// The page says so at once, the proxy when it has put everything away.
		const readNewest = async () => {
			await admin.proxy.services.flush()
			return (await api('GET', '/api/requests?limit=1')).body.requests[0]
		}
		await expect.poll(readNewest).toMatchObject({ outcome: 'cancelled', source: 'playground' })
	})

	it('shows calls of tools as cards, and goes on with their results', async () => {
		claude.script({ toolCalls: [{ name: 'get_weather', args: { city: 'Oslo' } }] })
		const page = await openPlayground()
		await preset(page, 'Tool call')
		await run(page)
		const card = answer(page).getByRole('region', { name: 'Call of the tool get_weather' })
		await card.getByText('"Oslo"').waitFor()
		await answer(page).getByRole('button', { name: 'Go on from here' }).click()
		const result = page.getByRole('textbox', { name: 'Block of message 3, as JSON' })
		await expect
			.poll(async () => JSON.parse(await result.inputValue()))
			.toMatchObject({ type: 'tool_result' })
		await result.fill((await result.inputValue()).replace('"content": ""', '"content": "4 degrees"'))
		claude.script({ text: 'Bring a coat.' })
		await run(page)
		await answer(page).getByText('Bring a coat.', { exact: true }).waitFor()
		expect(claude.requests.at(-1)?.body).toMatchObject({
			messages: [{ role: 'user' }, { role: 'assistant' }, { content: [{ content: '4 degrees' }] }],
		})
	})

	it('names the class of a failure and what to do about it', async () => {
		claude.script({
			fault: {
				status: 400,
				body: { type: 'error', error: { type: 'invalid_request_error', message: 'top_k: too many' } },
			},
		})
		const page = await openPlayground({ expected: [/400/] })
		await run(page)
		const alert = answer(page).getByRole('alert')
		await alert.getByText('Request refused: answered 400').waitFor()
		await alert.getByText('The upstream objects to the request itself').waitFor()
		await alert.getByText('top_k: too many').waitFor()
	})
})

describe('what is sent', () => {
	it('is to the byte what the dry run showed', async () => {
		const page = await openPlayground({}, '/playground')
		await preset(page, 'Tool call')
		await page.getByLabel('Upstream', { exact: true }).selectOption({ label: 'second' })
		const dryRun = page.waitForResponse(
			async response =>
				response.request().postDataJSON()?.dryRun === true &&
				(await response.text()).includes('chat/completions'),
		)
		await answer(page).getByRole('tab', { name: 'Converted' }).click()
		const { request } = await (await dryRun).json()
		await answer(page).getByText(`${openai.url}/v1/chat/completions`).waitFor()
		await answer(page).getByRole('region', { name: 'Body' }).getByText('"gpt-5-mini"').waitFor()
		await answer(page).getByRole('tab', { name: 'curl' }).click()
		await answer(page).getByText('"$UPSTREAM_KEY"').waitFor()
		const before = openai.requests.length
		openai.script({ text: 'Sunny' })
		await run(page)
		await answer(page).getByText('Sunny', { exact: true }).waitFor()
		expect(before).toBe(openai.requests.length - 1)
		expect(openai.requests.at(-1)?.rawBody.toString()).toBe(request.body)
		await expectNoKey(page)
	})

	it('can be an image, and the whole request as JSON', async () => {
		claude.script({ text: 'A circle' })
		const page = await openPlayground()
		await preset(page, 'Image')
		await page.getByRole('img', { name: 'Image that is sent along' }).waitFor()
		await page.getByRole('radio', { name: 'JSON' }).check({ force: true })
		const text = page.getByRole('textbox', { name: 'The whole request' })
		await expect.poll(() => text.inputValue()).toContain('image/png')
		const body = JSON.parse(await text.inputValue())
		await text.fill('{"model":')
		await page.getByText('This is not valid JSON.').waitFor()
		await page.getByRole('button', { name: 'Run', disabled: true }).waitFor()
		await text.fill(JSON.stringify({ ...body, metadata: { user_id: 'u1' } }))
		await page.getByRole('radio', { name: 'Form' }).check({ force: true })
		await page.getByText('Also sent: metadata.').waitFor()
		await run(page)
		await answer(page).getByText('A circle', { exact: true }).waitFor()
		const sent = claude.requests.at(-1)?.body
		expect(sent).toMatchObject({
			metadata: { user_id: 'u1' },
			messages: [{ content: [{ type: 'image', source: { media_type: 'image/png' } }, {}] }],
		})
	})

	it('takes images that are pasted or dropped, and says why not', async () => {
		const page = await openPlayground()
		const field = page.getByRole('textbox', { name: 'Text of message 1' })
		const give = (kind: 'paste' | 'drop', type: string) =>
			field.evaluate(
				(element, [how, mediaType]) => {
					const files = new DataTransfer()
					files.items.add(new File(['bytes'], `a file.${mediaType.split('/')[1]}`, { type: mediaType }))
					const init = { bubbles: true, cancelable: true }
					const event =
						how === 'paste'
							? new ClipboardEvent('paste', { ...init, clipboardData: files })
							: new DragEvent('drop', { ...init, dataTransfer: files })
					element.dispatchEvent(event)
				},
				[kind, type] as const,
			)
		const expectImages = (count: number) =>
			expect.poll(() => page.getByRole('img', { name: 'Image that is sent along' }).count()).toBe(count)
		await give('paste', 'image/png')
		// Each is read for itself; the one that is there last comes first.
		await expectImages(1)
		await give('drop', 'image/webp')
		await expectImages(2)
		await page.getByRole('button', { name: 'Remove this image from message 1' }).first().click()
		await expectImages(1)
		await give('drop', 'image/tiff')
		await page.getByText('a file.tiff is no PNG, JPEG, GIF or WebP image.').waitFor()
		await page.getByRole('radio', { name: 'JSON' }).check({ force: true })
		const whole = page.getByRole('textbox', { name: 'The whole request' })
		const source = { type: 'base64', media_type: 'image/png', data: btoa('bytes') }
		await expect
			.poll(async () => JSON.parse(await whole.inputValue()).messages[0].content[0])
			.toEqual({ type: 'image', source })
	})

	it('is not sent while tools are no list of tools', async () => {
		const page = await openPlayground()
		await page.getByText('Tools', { exact: true }).click()
		await page.getByRole('textbox', { name: 'Tools as JSON' }).fill('{"name":"x"}')
		await page.getByText('Tools are a list: put [ ] around them.').waitFor()
		await page.getByText('1 thing needs a look').waitFor()
		await page.getByRole('button', { name: 'Run', disabled: true }).waitFor()
	})

	it('is kept for later in this browser, without keys', async () => {
		claude.script({ text: 'Hm' })
		const page = await openPlayground()
		await page.getByRole('textbox', { name: 'Text of message 1' }).fill(`Is ${key} a good key?`)
		await run(page)
		await answer(page).getByText('Hm', { exact: true }).waitFor()
		await page.reload()
		await page.getByRole('button', { name: 'Recent' }).click()
		await page.getByRole('menuitem', { name: /^Is •••• a good key\?/ }).click()
		await expectValue(page.getByRole('textbox', { name: 'Text of message 1' }), 'Is •••• a good key?')
		await expectNoKey(page)
	})
})

it('compares two upstreams', async () => {
	claude.script({ text: 'From the first' })
	openai.script({ text: 'From the second' })
	const page = await openPlayground()
	await page.getByRole('button', { name: 'Compare' }).click()
	const second = page.getByRole('region', { name: 'Answer to compare' })
	const chosen = second.getByRole('combobox', { name: 'Upstream to compare with' })
	await expect.poll(() => chosen.locator('option:checked').textContent()).toBe('second')
	await run(page)
	await answer(page).getByText('From the first', { exact: true }).waitFor()
	await second.getByText('From the second', { exact: true }).waitFor()
	await page.getByRole('button', { name: 'End the comparison' }).first().click()
	await second.waitFor({ state: 'detached' })
})

it('begins with a recorded request, and sends it as it was', async () => {
	const api = adminClient(admin.proxy, { 'x-api-key': accessKey })
	const settings = { recording: { mode: 'all', maxKb: 64, days: 3 } }
	expect((await api('PATCH', '/api/settings', { body: settings })).status).toBe(200)
	claude.script({ text: 'first time' }, { text: 'second time' })
	const body = {
		...{ model: 'claude-opus-5-5', max_tokens: 77, stream: true, metadata: { user_id: 'u1' } },
		system: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } }],
		messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello again' }] }],
	}
	const { headers } = await call(admin.proxy, body, {
		headers: { 'anthropic-beta': 'context-1m-2025-08-07' },
	})
	await admin.proxy.services.flush()
	const page = await openPlayground({}, `/playground?replay=${headers.get('request-id')}`)
	await page.getByText('A recorded request is filled in').waitFor()
	await page.getByText('anthropic-beta: context-1m-2025-08-07').waitFor()
	await run(page)
	await answer(page).getByText('second time', { exact: true }).waitFor()
	const [before, now] = claude.requests.slice(-2)
	expect(now?.body).toEqual({
		...(before?.body as object),
		messages: [{ role: 'user', content: 'Hello again' }],
	})
	expect(now?.headers['anthropic-beta']).toBe(before?.headers['anthropic-beta'])
})

it('says that a request was not recorded', async () => {
	const page = await openPlayground({}, '/playground?replay=req_unknown')
	await page.getByText('The bodies of that request were not recorded').waitFor()
})

describe('appearance', () => {
	it('is accessible with an answer and a failure, in both themes', async () => {
		claude.script({ thinking: 'hm', text: 'Hi', toolCalls: [{ name: 'look', args: {} }] })
		openai.script({ fault: { status: 400, body: { error: { message: 'no' } } } })
		const page = await openPlayground({ locale: 'zh-CN', expected: [/400/] })
		await page.getByRole('button', { name: /^(Compare|对比)$/ }).click()
		await page.keyboard.press('Control+Enter')
		await page.getByText('look', { exact: true }).waitFor()
		await page.getByRole('alert').waitFor()
		await expectAccessible(page)
		for (const tab of [/^(Converted|转换结果)/, /^curl/]) {
			await page.getByRole('tab', { name: tab }).first().click()
			await page.getByRole('tab', { name: tab, selected: true }).first().waitFor()
			await expectAccessible(page)
		}
	})

	it('never scrolls sideways, however long the words', async () => {
		claude.script({
			text: 'x'.repeat(400),
			toolCalls: [{ name: 'y'.repeat(60), args: { z: 'w'.repeat(300) } }],
		})
		const page = await openPlayground({ locale: 'en-XA' })
		await page.keyboard.press('Control+Enter')
		await page.getByText('y'.repeat(60), { exact: true }).waitFor()
		await expectNoSidewaysScroll(page)
		await page.getByRole('tab').nth(2).click()
		await page.getByRole('tab', { selected: true }).and(page.getByRole('tab').nth(2)).waitFor()
		await expectNoSidewaysScroll(page, [320, 960])
	})
})
