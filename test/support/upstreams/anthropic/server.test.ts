import { readdirSync, readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startAnthropicUpstream } from '../index.ts'
import { base, newest, post, result, says, user } from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startAnthropicUpstream()
})
afterAll(() => upstream.close())

const client = () => new Anthropic({ apiKey: 'sk-test', baseURL: upstream.url, maxRetries: 0 })
const question = {
	model: 'claude-haiku-4-5',
	max_tokens: 4096,
	messages: [{ role: 'user' as const, content: 'hi' }],
}
const reply = {
	thinking: 'hm',
	text: ['Hel', 'lo'],
	toolCalls: [{ name: 'f', args: { city: 'Oslo, Norway' }, id: 'toolu_1' }, { name: 'g' }],
	usage: { input: 100, output: 20, cachedInput: 60 },
}

describe('answers, as the SDK reads them', () => {
	test.for(['whole', 'streamed'])('a %s message', async way => {
		upstream.script(reply)
		const message =
			way === 'whole'
				? await client().messages.create(question)
				: await client().messages.stream(question).finalMessage()
		expect(message.content).toMatchObject([
			{ type: 'thinking', thinking: 'hm', signature: expect.stringMatching(/.+/) },
			{ type: 'text', text: 'Hello' },
			{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { city: 'Oslo, Norway' } },
			{ type: 'tool_use', name: 'g', input: {} },
		])
		expect(message.stop_reason).toBe('tool_use')
		expect(message.usage).toMatchObject({ input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 20 })
	})

	test('the events of a stream, in their order', async () => {
		upstream.script({ text: ['a', 'b'], toolCalls: [{ name: 'f', args: '' }] })
		const response = await client()
			.messages.create({ ...question, stream: true })
			.asResponse()
		const text = await response.text()
		expect([...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
			'message_start',
			'content_block_start',
			'ping',
			'content_block_delta',
			'content_block_delta',
			'content_block_stop',
			'content_block_start',
			'content_block_delta',
			'content_block_stop',
			'message_delta',
			'message_stop',
		])
	})

	test('thinking can be left out, and its signature still holds', async () => {
		const asked = {
			...question,
			thinking: { type: 'enabled' as const, budget_tokens: 1024, display: 'omitted' as const },
		}
		upstream.script({ thinking: 'secret', toolCalls: [{ name: 'f', id: 'a' }] }, { text: 'done' })
		const { content } = await client().messages.create(asked)
		expect(content[0]).toMatchObject({ type: 'thinking', thinking: '' })
		const next = [user, { role: 'assistant', content }, says(result('a'))]
		expect((await post(upstream, { ...asked, messages: next })).status).toBe(200)
	})

	test('thinking that was changed is refused', async () => {
		upstream.script(reply)
		const { content } = await client().messages.create(question)
		const changed = content.map(block =>
			block.type === 'thinking' ? { ...block, thinking: 'other' } : block,
		)
		const results = content.filter(block => block.type === 'tool_use').map(({ id }) => result(id))
		const again = { ...base, messages: [user, { role: 'assistant', content: changed }, says(...results)] }
		expect((await post(upstream, again)).error.message).toContain('cannot be modified')
		const kept = { ...base, messages: [user, { role: 'assistant', content }, says(...results)] }
		expect((await post(upstream, kept)).status).toBe(200)
	})

	test('citations, a finish of its own, and a missing end', async () => {
		upstream.script(
			{ text: 'See here.', citations: [{ url: 'https://a.example', title: 'A', quote: 'here' }] },
			{ text: 'cut', finish: 'max_tokens' },
			{ text: 'x', omitFinish: true, omitDone: true },
		)
		const cited = await client().messages.stream(question).finalMessage()
		expect(cited.content[0]).toMatchObject({ citations: [{ url: 'https://a.example', cited_text: 'here' }] })
		expect((await client().messages.create(question)).stop_reason).toBe('max_tokens')
		const events = await Array.fromAsync(await client().messages.create({ ...question, stream: true }))
		expect(events.at(-1)?.type).toBe('content_block_stop')
	})

	test('an error event ends the stream', async () => {
		upstream.script({ text: ['a', 'b'], errorAfterEvents: 3 })
		const events = client()
			.messages.create({ ...question, stream: true })
			.then(Array.fromAsync)
		await expect(events).rejects.toMatchObject({ message: expect.stringContaining('Overloaded') })
	})

	test('tokens are counted and models listed', async () => {
		const { model, messages } = question
		expect((await client().messages.countTokens({ model, messages })).input_tokens).toBeGreaterThan(0)
		const ids = await Array.fromAsync(client().models.list(), one => one.id)
		expect(ids).toContain(model)
		expect((await client().models.retrieve(model)).id).toBe(model)
		await expect(client().models.retrieve('nope')).rejects.toBeInstanceOf(Anthropic.NotFoundError)
	})
})

test('keys, versions, models and paths have their own refusals', async () => {
	const own = await startAnthropicUpstream({ keys: ['sk-good'] })
	const good = { 'x-api-key': 'sk-good' }
	expect((await post(own, base, good)).status).toBe(200)
	const wrong = await post(own, base)
	expect(wrong.status).toBe(401)
	expect(wrong.error).toEqual({ type: 'authentication_error', message: 'invalid x-api-key' })
	const bearer = await fetch(`${own.url}/v1/messages`, {
		method: 'POST',
		headers: { authorization: 'Bearer no' },
	})
	expect((await bearer.json()).error.message).toBe('Invalid bearer token')
	const taken = await fetch(`${own.url}/v1/models`, {
		headers: { authorization: 'Bearer sk-good', 'anthropic-version': '2023-06-01' },
	})
	expect(taken.status).toBe(200)
	const unknown = await post(own, { ...base, model: 'claude-99' }, good)
	expect(unknown).toMatchObject({
		status: 404,
		error: { type: 'not_found_error', message: 'model: claude-99' },
	})
	expect((await post(own, base, { ...good, 'anthropic-version': 'x' })).error.message).toContain(
		'anthropic-version',
	)
	expect((await post(own, base, good, '/messages')).status).toBe(404)
	const counted = await post(own, base, good, '/v1/messages/count_tokens')
	expect(counted.error.message).toBe('max_tokens: Extra inputs are not permitted')
	await own.close()
})

test('message threads are answered with the refusal that the SDK knows', async () => {
	const { status, error } = await post(
		upstream,
		{ ...newest, thread: { type: 'create' } },
		{ 'anthropic-beta': 'message-threads-2026-08-12' },
	)
	expect(status).toBe(400)
	expect(error.details.error_code).toBe('thread_unsupported_request')
})

test('role system can be allowed or not whatever the model', async () => {
	const messages = [user, { role: 'system', content: 'x' }]
	const open = await startAnthropicUpstream({ systemRole: true })
	expect((await post(open, { ...base, messages })).status).toBe(200)
	const shut = await startAnthropicUpstream({ systemRole: false })
	expect((await post(shut, { ...newest, messages })).error.message).toContain("role 'system'")
	await Promise.all([open.close(), shut.close()])
})

const captures = new URL('../../../fixtures/captures/', import.meta.url)
const files = readdirSync(captures).filter(name => name.endsWith('.json') && !name.includes('thread'))

test.for(files)('takes what a real client sent: %s', async name => {
	const capture = JSON.parse(readFileSync(new URL(name, captures), 'utf8'))
	const own = await startAnthropicUpstream({ acceptsSignature: () => true })
	const { 'anthropic-version': version, 'anthropic-beta': beta } = capture.headers
	const headers = { 'anthropic-version': version, ...(beta ? { 'anthropic-beta': beta } : {}) }
	const { status, error } = await post(own, capture.body, headers, capture.path)
	await own.close()
	expect(error).toBeUndefined()
	expect(status).toBe(200)
})
