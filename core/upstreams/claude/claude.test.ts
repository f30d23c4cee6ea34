import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { scanObject } from '../../messages/scan.ts'
import { unsignedThinking, wrapSignature } from '../../messages/signatures.ts'
import type { UpstreamTarget } from '../contract.ts'
import { claude } from './index.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array)

function build(
	json: string,
	more: { baseUrl?: string; model?: string; headers?: Record<string, string>; query?: string } = {},
) {
	const body = encode(json)
	const { baseUrl = 'https://relay.example', model, headers = {}, query = '' } = more
	const target: UpstreamTarget = { baseUrl, authStyle: 'auto', extraHeaders: {} }
	const members = scanObject(body)!
	const { outgoing, notes } = claude.buildRequest({
		body,
		members,
		headers,
		query,
		target,
		...(model && { model }),
	})
	return { outgoing, notes, body: decode(outgoing.body), untouched: outgoing.body === body }
}

describe('the request passes as it is', () => {
	test('byte for byte, odd spacing and unknown fields included', () => {
		const json =
			'{ "model":"m" ,"future_field":{"a":[1,\n2]}, "messages":[{"role":"user","content":"\\u4f60"}]}'
		expect(build(json)).toMatchObject({ body: json, untouched: true, notes: [] })
	})

	test('only the model is edited when it is mapped', () => {
		const json = '{"metadata":{"model":"no"}, "model" : "claude-x","messages":[]}'
		const { body } = build(json, { model: 'kimi "k2"' })
		expect(body).toBe('{"metadata":{"model":"no"}, "model" : "kimi \\"k2\\"","messages":[]}')
	})

	test('headers that mean something leave, the client’s key and cookies do not', () => {
		const headers = {
			...{
				'anthropic-version': '2023-06-01',
				'anthropic-beta': 'a,b',
				'user-agent': 'claude-cli/2',
				'x-app': 'cli',
			},
			...{ 'x-stainless-lang': 'js', 'x-api-key': 'secret', authorization: 'Bearer secret', cookie: 'c' },
			...{ 'x-forwarded-for': '10.0.0.1', host: 'proxy', connection: 'keep-alive', 'accept-encoding': 'br' },
		}
		const { outgoing } = build('{"model":"m"}', { headers })
		expect(outgoing.headers).toEqual({
			...{
				'anthropic-version': '2023-06-01',
				'anthropic-beta': 'a,b',
				'user-agent': 'claude-cli/2',
				'x-app': 'cli',
			},
			...{ 'x-stainless-lang': 'js', 'content-type': 'application/json', accept: 'application/json' },
		})
	})

	test.each([
		['https://api.anthropic.com', '', 'https://api.anthropic.com/v1/messages'],
		['https://api.anthropic.com/v1', 'beta=true', 'https://api.anthropic.com/v1/messages?beta=true'],
		['https://h/anthropic?tenant=1', 'beta=true', 'https://h/anthropic/v1/messages?tenant=1&beta=true'],
	])('%s with query %j calls %s', (baseUrl, query, url) => {
		expect(build('{"model":"m"}', { baseUrl, query }).outgoing.url).toBe(url)
	})
})

describe('trap 6: the billing header', () => {
	const billing = '{"type":"text","text":"x-anthropic-billing-header: cc_version=2; cch=1;"}'
	const kept = '{"type":"text", "text":"You are\\u0020Claude","cache_control":{"type":"ephemeral"}}'

	test('its block is left out elsewhere, and the other blocks stay byte for byte', () => {
		const { body, notes } = build(`{"model":"m","system":[${billing}, ${kept}],"messages":[]}`)
		expect(body).toBe(`{"model":"m","system":[${kept}],"messages":[]}`)
		expect(notes).toHaveLength(1)
	})

	test('Anthropic’s own host gets it', () => {
		const json = `{"model":"m","system":[${billing},${kept}]}`
		expect(build(json, { baseUrl: 'https://api.anthropic.com/v1' }).untouched).toBe(true)
	})

	test.each([
		[`{"model":"m","system":[${billing}],"messages":[]}`, '{"model":"m","messages":[]}'],
		[`{"system":[${billing}],"model":"m"}`, '{"model":"m"}'],
		[`{"model":"m","system":[${billing}]}`, '{"model":"m"}'],
	])('a system of nothing else is left out: %.30s', (json, expected) => {
		expect(build(json).body).toBe(expected)
	})

	test('a system string of nothing else is left out too', () => {
		const { body, notes } = build('{"model":"m","system":"x-anthropic-billing-header: a\\n ","messages":[]}')
		expect(body).toBe('{"model":"m","messages":[]}')
		expect(notes).toHaveLength(1)
	})

	test('of a string its first line is left out', () => {
		const { body } = build('{"model":"m","system":"x-anthropic-billing-header: a\\nBe kind"}')
		expect(body).toBe('{"model":"m","system":"Be kind"}')
	})

	test('text that only speaks of it stays', () => {
		const json = '{"model":"m","system":[{"type":"text","text":"never send x-anthropic-billing-header: x"}]}'
		expect(build(json).untouched).toBe(true)
	})
})

describe('trap 8: thinking signed by this proxy', () => {
	const foreign = `{"type":"thinking","thinking":"hm","signature":"${wrapSignature('gemini', 'abc')}"}`
	const unsigned = `{"type":"thinking","thinking":"hm","signature":"${unsignedThinking}"}`
	const own = '{"type":"thinking","thinking":"mine","signature":"EqQB"}'
	const text = '{"type":"text","text":"it is claude-proxy: yes"}'

	test('is left out before an Anthropic upstream; everything else stays byte for byte', () => {
		const { body } = build(
			`{"model":"m","messages":[{"role":"assistant","content":[${foreign}, ${own},${unsigned},${text}]}]}`,
		)
		expect(body).toBe(`{"model":"m","messages":[{"role":"assistant","content":[${own},${text}]}]}`)
	})

	test('a turn of nothing else keeps a block', () => {
		const { body } = build(`{"model":"m","messages":[{"role":"assistant","content":[${foreign}]}]}`)
		expect(JSON.parse(body).messages[0].content).toEqual([{ type: 'text', text: '(no content)' }])
	})

	test('is left out of a request that is indented too', () => {
		const messages = [
			{ role: 'assistant', content: [JSON.parse(foreign), JSON.parse(own), JSON.parse(text)] },
		]
		const { body } = build(JSON.stringify({ model: 'm', messages }, null, 2))
		expect(JSON.parse(body).messages[0].content).toEqual([JSON.parse(own), JSON.parse(text)])
	})

	test('mentioning the prefix in text changes nothing', () => {
		expect(build(`{"model":"m","messages":[{"role":"user","content":[${text}]}]}`).untouched).toBe(true)
	})
})

test('tools in OpenAI’s shape are rewritten, others stay byte for byte', () => {
	const own = '{"name":"a", "input_schema":{"type":"object","properties":{"function":{"type":"string"}}}}'
	const openai =
		'{"type":"function","function":{"name":"b","description":"B","parameters":{"type":"object"}}}'
	const { body } = build(`{"model":"m","tools":[${own},${openai}]}`)
	expect(body).toBe(
		`{"model":"m","tools":[${own},{"name":"b","description":"B","input_schema":{"type":"object"}}]}`,
	)
})

test.each([
	['sk-ant-api03-x', 'auto', { 'x-api-key': 'sk-ant-api03-x' }],
	['sk-ant-oat01-x', 'auto', { authorization: 'Bearer sk-ant-oat01-x' }],
	['other', 'auto', { 'x-api-key': 'other', authorization: 'Bearer other' }],
	['other', 'bearer', { authorization: 'Bearer other' }],
	['other', 'x-api-key', { 'x-api-key': 'other' }],
] as const)('key %s with style %s goes as %j', (key, authStyle, headers) => {
	expect(claude.authHeaders(key, { baseUrl: 'https://h', authStyle, extraHeaders: {} })).toEqual(headers)
})

const event = (data: object) => `event: ${(data as { type: string }).type}\ndata: ${JSON.stringify(data)}\n\n`
const start = event({
	type: 'message_start',
	message: { model: 'm', usage: { input_tokens: 5, output_tokens: 1 } },
})
const content = event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
const overloaded = event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })

describe('judgeStart', () => {
	const judge = (text: string, answer = { stream: true, ended: false }) =>
		claude.judgeStart(encode(text), answer)

	test.each([
		['nothing yet', '', 'wait'],
		['the opening', start, 'wait'],
		['a ping', `${start}event: ping\ndata: {"type":"ping"}\n\n`, 'wait'],
		['half an event', `${start}event: content_block_start\ndata: {"type":"con`, 'wait'],
		['content', start + content, 'go'],
		['an event nobody knows yet', `${start}event: new\ndata: {"type":"new_kind"}\n\n`, 'go'],
	])('%s: %s', (_name, text, verdict) => {
		expect(judge(text)).toBe(verdict)
	})

	test.each([
		['an error event', start + overloaded, 529],
		['a web page', '<html>busy</html>', 502],
	])('%s fails as %i', (_name, text, status) => {
		expect(judge(text)).toMatchObject({ failed: { status } })
	})

	test.each([
		['nothing', '', 502],
		['only an opening', start, 502],
		['an error object', '{"type":"error","error":{"type":"rate_limit_error","message":"x"}}', 429],
		['broken JSON', '{"type":', 502],
	])('an end after %s fails as %i', (_name, text, status) => {
		expect(judge(text, { stream: true, ended: true })).toMatchObject({ failed: { status } })
	})

	test('JSON goes once it is no error object', () => {
		const answer = { stream: false, ended: false }
		expect(
			judge('{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"x"', answer),
		).toBe('go')
		expect(judge('{"id"', answer)).toBe('wait')
		expect(judge('{"type":"error","error":{"type":"api_error"', answer)).toBe('wait')
		expect(judge('{"type":"message","content":[]}', { stream: false, ended: true })).toBe('go')
		expect(judge(`{"code":0,"log":"${'x'.repeat(5000)}`, answer)).toBe('go')
	})

	test.each([
		[
			'JSON of another dialect',
			'{"id":"x","object":"chat.completion","choices":[],"usage":{}}',
			/foreign JSON/,
		],
		['an empty object', '{}', /foreign JSON/],
		[
			'a failure in a relay’s own shape',
			'{"code":500,"message":"all channels are busy"}',
			/channels are busy/,
		],
		['an error behind other members', '{"success":false,"error":{"message":"busy"}}', /busy/],
	])('trap 20: %s is no answer, asked for as JSON or as a stream', (_name, text, words) => {
		for (const stream of [true, false]) {
			expect(judge(text, { stream, ended: false })).toBe('wait')
			const verdict = judge(text, { stream, ended: true })
			if (typeof verdict !== 'object') throw new Error(`judged ${verdict}`)
			const failure = claude.readFailure(verdict.failed)
			expect(failure).toMatchObject({ class: 'server', message: expect.stringMatching(words) })
			expect(failure.status).toBeGreaterThanOrEqual(500)
		}
	})

	test('an answer that names no error is one, though it has a place for it', () => {
		const text = '{"error":null,"type":"message","content":[]}'
		for (const stream of [true, false]) expect(judge(text, { stream, ended: true })).toBe('go')
	})

	test('trap 20: a stream of another dialect, or of nothing but an ending, has no answer in it', () => {
		const done = 'data: [DONE]\n\n'
		expect(judge('data: {"id":"x","choices":[{"delta":{"content":"Hi"}}]}\n\n')).toMatchObject({
			failed: { status: 502 },
		})
		expect(judge(done)).toBe('wait')
		expect(judge(done, { stream: true, ended: true })).toMatchObject({ failed: { status: 502 } })
		expect(judge(`event: content_block_delta\ndata: {"index":0,"delta":{}}\n\n`)).toBe('go')
	})
})

/** As the proxy does it: the memory of large chunks is not the tap's, once it has seen them. */
function pushPieces(tap: ReturnType<typeof claude.createTap>, bytes: Uint8Array, size: number): void {
	for (let at = 0; at < bytes.length; at += size) {
		const piece = Buffer.from(bytes.subarray(at, at + size))
		tap.push(piece)
		if (piece.length > 16 * 1024) piece.fill('?')
	}
}

describe('the tap', () => {
	const deltas = Array.from({ length: 3000 }, (_, index) =>
		event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `word ${index} ` } }),
	).join('')
	const end =
		event({
			type: 'message_delta',
			delta: { stop_reason: 'end_turn' },
			usage: { output_tokens: 77, input_tokens: null, cache_read_input_tokens: 9 },
		}) + event({ type: 'message_stop' })
	const whole = encode(start + content + deltas + end)

	test('reads usage from both ends of a long stream, however it is cut', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40_000 }), size => {
				const tap = claude.createTap(true)
				pushPieces(tap, whole, size)
				expect(tap.read()).toEqual({
					usage: { input_tokens: 5, output_tokens: 77, cache_read_input_tokens: 9 },
					...{ stopReason: 'end_turn', model: 'm', complete: true, error: undefined, toolCalls: 0 },
				})
			}),
			{ numRuns: 30 },
		)
	})

	test.each([
		[
			{ input_tokens: 0, output_tokens: 7, cache_read_input_tokens: 0 },
			{ input_tokens: 5, output_tokens: 7 },
		],
		[
			{ input_tokens: 0, output_tokens: 7, cache_read_input_tokens: 5 },
			{ input_tokens: 0, output_tokens: 7, cache_read_input_tokens: 5 },
		],
	])('an ending with %j: zeros wipe nothing unless all of the input is told', (usage, expected) => {
		const tap = claude.createTap(true)
		const ending = event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage })
		tap.push(encode(start + content + ending + event({ type: 'message_stop' })))
		expect(tap.read().usage).toMatchObject(expected)
	})

	test('counts the tool calls of an answer, however long and however it is cut', () => {
		const call = (index: number) =>
			event({
				type: 'content_block_start',
				index,
				content_block: { type: 'tool_use', id: `t${index}`, name: 'f' },
			}) +
			event({
				type: 'content_block_delta',
				index,
				delta: { partial_json: '{"a":"\\"type\\":\\"tool_use\\""}' },
			})
		const body = encode(
			start + [1, 2, 3, 4, 5].map(index => call(index) + deltas.slice(0, 20_000)).join('') + end,
		)
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 30_000 }), size => {
				const tap = claude.createTap(true)
				pushPieces(tap, body, size)
				expect(tap.read().toolCalls).toBe(5)
				expect(tap.read().toolCalls).toBe(5)
			}),
			{ numRuns: 30 },
		)
	})

	test('tells a stream that was cut or ended by an error', () => {
		const cut = claude.createTap(true)
		cut.push(whole.subarray(0, 5000))
		expect(cut.read()).toMatchObject({ complete: false, usage: { input_tokens: 5 } })
		const failed = claude.createTap(true)
		failed.push(encode(start + content + overloaded))
		expect(failed.read()).toMatchObject({ complete: false, error: { type: 'overloaded_error' } })
	})

	test('reads JSON that came in place of a stream: it is whole', () => {
		const body = { model: 'm', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] }
		const usage = { input_tokens: 5, output_tokens: 6 }
		for (const text of ['short', 'x'.repeat(100_000)]) {
			const tap = claude.createTap(true)
			tap.push(encode('\n'))
			tap.push(encode(JSON.stringify({ ...body, text, stop_reason: 'tool_use', usage })))
			expect(tap.read()).toMatchObject({ usage, complete: true, toolCalls: 1 })
		}
	})

	test.each([100, 200_000])('reads the usage of a JSON answer with %i characters of text', length => {
		const tap = claude.createTap(false)
		const text = `"usage":{"input_tokens":1} ${'x'.repeat(length)}`
		const usage = { input_tokens: 5, output_tokens: 6, output_tokens_details: { thinking_tokens: 2 } }
		tap.push(
			encode(
				JSON.stringify({ model: 'm', content: [{ type: 'text', text }], stop_reason: 'end_turn', usage }),
			),
		)
		expect(tap.read().usage).toEqual(usage)
	})
})
