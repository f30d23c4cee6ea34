import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { toEventStream, toMessage } from './other-form.ts'
import { createSseParser } from './sse-parser.ts'

function readEvents(text: string): unknown[] {
	const events: unknown[] = []
	const parser = createSseParser(
		data => void events.push(JSON.parse(data)),
		() => {},
	)
	parser.feed(new TextEncoder().encode(text))
	return events
}

/** What the SDK makes of a stream. */
function readWithSdk(text: string) {
	const answer = async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } })
	const client = new Anthropic({
		apiKey: 'sk-test',
		baseURL: 'http://localhost',
		fetch: answer,
		maxRetries: 0,
	})
	return client.beta.messages
		.stream({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })
		.finalMessage()
}

const envelope = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm' }
const usage = { input_tokens: 12, output_tokens: 34, cache_read_input_tokens: 5, service_tier: 'standard' }
const citation = {
	type: 'web_search_result_location',
	cited_text: 'c',
	url: 'u',
	title: 't',
	encrypted_index: 'e',
}
const blocks = [
	{ type: 'thinking', thinking: 'Hm.', signature: 'EqQB' },
	{ type: 'redacted_thinking', data: 'xyz' },
	{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
	{
		type: 'web_search_tool_result',
		tool_use_id: 'srvtoolu_1',
		content: [{ type: 'web_search_result', url: 'u' }],
	},
	{ type: 'text', text: 'Cited 天气', citations: [citation, citation] },
	{ type: 'text', text: '' },
	{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: [1, { b: null }] } },
	{ type: 'tool_use', id: 'toolu_2', name: 'g', input: {} },
	{ type: 'block_of_tomorrow', deep: { x: 1 } },
]
const whole = {
	...{ ...envelope, content: blocks, stop_reason: 'tool_use', stop_sequence: null, usage },
	...{ container: { id: 'c' }, context_management: { applied_edits: [] } },
}

test('a stream whose blocks are not counted from 0, or with gaps, loses none of them', () => {
	const text = (index: number, content: string) => [
		{ type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
		{ type: 'content_block_delta', index, delta: { type: 'text_delta', text: content } },
		{ type: 'content_block_stop', index },
	]
	const events = [
		{ type: 'message_start', message: { ...envelope, content: [], usage } },
		...text(1, 'one'),
		...text(4, 'two'),
		{ type: 'message_stop' },
	]
	expect(toMessage(events)?.content).toEqual([
		{ type: 'text', text: 'one' },
		{ type: 'text', text: 'two' },
	])
})

test('a whole message becomes a stream that says the same', async () => {
	const events = readEvents(toEventStream(whole))
	expect(toMessage(events)).toEqual(whole)
	const read = await readWithSdk(toEventStream(whole))
	expect(read).toMatchObject(whole)
})

test('the stream has the shape of Anthropic’s', () => {
	const message = { ...envelope, content: [blocks[0], blocks[6]], stop_reason: 'tool_use', usage }
	expect(readEvents(toEventStream(message))).toEqual([
		{
			type: 'message_start',
			message: { ...envelope, content: [], stop_reason: null, stop_sequence: null, usage },
		},
		{
			...{ type: 'content_block_start', index: 0 },
			content_block: { type: 'thinking', thinking: '', signature: '' },
		},
		{ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
		{ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'EqQB' } },
		{ type: 'content_block_stop', index: 0 },
		{
			...{ type: 'content_block_start', index: 1 },
			content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
		},
		{
			...{ type: 'content_block_delta', index: 1 },
			delta: { type: 'input_json_delta', partial_json: '{"a":[1,{"b":null}]}' },
		},
		{ type: 'content_block_stop', index: 1 },
		{ type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage },
		{ type: 'message_stop' },
	])
})

test('any message survives the way there and back', () => {
	const block = fc.oneof(
		fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'grapheme' }) }),
		fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: fc.string() }),
		fc.record({
			...{ type: fc.constant('tool_use'), id: fc.string(), name: fc.string() },
			input: fc.dictionary(fc.string(), fc.jsonValue()),
		}),
		fc.record({ type: fc.constant('new'), value: fc.jsonValue() }),
	)
	const property = fc.property(fc.array(block, { maxLength: 6 }), content => {
		const message = JSON.parse(
			JSON.stringify({ ...envelope, content, stop_reason: 'end_turn', stop_sequence: null, usage }),
		)
		expect(toMessage(readEvents(toEventStream(message)))).toEqual(message)
	})
	fc.assert(property)
})

test('counts that come at the end add to those of the start; null ones say nothing', () => {
	const events = [
		{ type: 'message_start', message: { ...envelope, content: [], usage } },
		{
			type: 'message_delta',
			delta: { stop_reason: 'end_turn' },
			usage: { output_tokens: 99, input_tokens: null },
		},
		{ type: 'message_stop' },
	]
	expect(toMessage(events)).toEqual({
		...{ ...envelope, content: [], stop_reason: 'end_turn' },
		usage: { ...usage, output_tokens: 99 },
	})
})

test('what does not come to its end, or to an error, is no message', () => {
	const events = readEvents(toEventStream(whole))
	expect(toMessage(events.slice(0, -1))).toBeUndefined()
	expect(toMessage([...events.slice(0, -1), { type: 'error', error: {} }, events.at(-1)])).toBeUndefined()
	expect(toMessage([null, 'x', { type: 'message_stop' }])).toBeUndefined()
})
