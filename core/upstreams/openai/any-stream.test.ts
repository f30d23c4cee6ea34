import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
	callDelta,
	completion,
	delta,
	readAnswer,
	readStream,
	readWithSdk,
} from '../../../test/support/openai-conversion.ts'
import type { StreamEvent } from '../../messages/events.ts'
import { parseJson } from '../shared/failure.ts'

const done = '[DONE]'

describe('any chunks at all', () => {
	const word = fc.constantFrom('', 'a', '{"n":', '1}', '{}', 'Read', 'x y')
	const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
	const fragment = fc.record(
		{
			index: fc.constantFrom(0, 1, 2, null, '0'),
			id: fc.constantFrom('a', 'b', '', null),
			function: maybe(
				fc.record({ name: maybe(word), arguments: fc.oneof(word, fc.constant({ n: 1 }), fc.constant(null)) }),
			),
		},
		{ requiredKeys: [] },
	)
	const fields = fc.record(
		{
			content: fc.oneof(word, fc.constant(null), fc.constant([{ type: 'text', text: 'p' }, null, 5])),
			reasoning_content: word,
			reasoning_details: fc.constantFrom([], [{ summary: 's' }], 'x', [null]),
			refusal: word,
			tool_calls: fc.array(fc.oneof(fragment, fc.constant(null)), { maxLength: 3 }),
			function_call: fc.oneof(fc.record({ name: word, arguments: word }), fc.constant('x')),
			annotations: fc.constantFrom([null], [{ url_citation: { url: 'u' } }], 'x'),
		},
		{ requiredKeys: [] },
	)
	const reason = fc.constantFrom(
		null,
		'',
		'stop',
		'length',
		'tool_calls',
		'content_filter',
		'error',
		'odd',
		7,
	)
	const usage = fc.constantFrom(
		null,
		{},
		{ prompt_tokens: '7', completion_tokens: 1.5 },
		{ prompt_tokens: -1 },
		'x',
	)
	const chunk = fc.oneof(
		{
			weight: 8,
			arbitrary: fc.tuple(fields, reason, usage).map(([a, b, c]) => delta(a, b as string, { usage: c })),
		},
		{
			weight: 1,
			arbitrary: fc.constantFrom(done, '', 'junk', { error: { message: 'e' } }, { choices: [null] }),
		},
		{ weight: 1, arbitrary: fc.json().map(text => text) },
	)

	test('give a legal sequence of events that the SDK can read, and never throw', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async chunks => {
				const { events } = readStream(chunks)
				expect(findFault(events)).toBe('')
				if (events.at(-1)?.type === 'message_stop' && hasWholeInputs(events)) await readWithSdk(events)
			}),
			{ numRuns: 500 },
		)
	})

	test('a stream and a JSON answer with the same content give the same message', async () => {
		const call = fc.record({
			name: fc.constantFrom('Read', 'Bash'),
			arguments: fc.json().filter(j => j.startsWith('{')),
		})
		const answer = fc.record({
			reasoning: fc.string(),
			content: fc.string(),
			calls: fc.array(call, { maxLength: 3 }),
			reason: fc.constantFrom('stop', 'length', 'tool_calls'),
		})
		await fc.assert(
			fc.property(answer, ({ reasoning, content, calls, reason }) => {
				const toolCalls = calls.map((made, index) => ({
					index,
					id: `call_${index}`,
					type: 'function',
					function: made,
				}))
				const counts = { usage: { prompt_tokens: 5, completion_tokens: 6 } }
				const pieces = [...content].map(piece => delta({ content: piece }))
				const { events } = readStream([
					delta({ reasoning_content: reasoning }),
					...pieces,
					...toolCalls.map(callDelta),
					delta({}, reason),
					{ choices: [], ...counts },
					done,
				])
				const whole = completion(
					{ reasoning_content: reasoning, content, tool_calls: toolCalls },
					reason,
					counts,
				)
				expect(gather(events)).toEqual(readAnswer(whole).message)
			}),
		)
	})
})

/** Gathers events with plain code of the test's own, not with the accumulator that the JSON answer uses. */
function gather(events: readonly StreamEvent[]): unknown {
	const blocks: Record<string, unknown>[] = []
	const json: string[] = []
	let end = {}
	for (const event of events) {
		if (event.type === 'content_block_start') blocks.push({ ...event.content_block })
		if (event.type === 'content_block_delta') {
			const block = blocks[event.index] as { text: string; thinking: string; signature: string }
			if (event.delta.type === 'text_delta') block.text += event.delta.text
			if (event.delta.type === 'thinking_delta') block.thinking += event.delta.thinking
			if (event.delta.type === 'signature_delta') block.signature = event.delta.signature
			if (event.delta.type === 'input_json_delta') {
				json[event.index] = (json[event.index] ?? '') + event.delta.partial_json
			}
		}
		if (event.type === 'message_delta') end = { ...event.delta, usage: event.usage }
	}
	const content = blocks.map((block, index) =>
		json[index] ? { ...block, input: JSON.parse(json[index]) } : block,
	)
	return { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-5-5', content, ...end }
}

/** Arguments that are no JSON have been streamed already when that shows; the SDK throws on them. */
function hasWholeInputs(events: readonly StreamEvent[]): boolean {
	const json = new Map<number, string>()
	for (const event of events) {
		if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') continue
		json.set(event.index, (json.get(event.index) ?? '') + event.delta.partial_json)
	}
	return [...json.values()].every(text => parseJson(text) !== undefined)
}

/** The first rule of Anthropic's stream that the events break; empty when none. */
function findFault(events: readonly StreamEvent[]): string {
	let open = -1
	let next = 0
	const last = events.at(-1)?.type
	if (last !== 'message_stop' && last !== 'error') return `ends with ${last}`
	if (last === 'message_stop' && events[0]?.type !== 'message_start')
		return 'does not begin with message_start'
	for (const [position, event] of events.entries()) {
		if (event.type === 'message_start' && position !== 0) return 'message_start in the middle'
		if (event.type === 'content_block_start') {
			if (open !== -1 || event.index !== next)
				return `start of ${event.index} with ${open} open, ${next} next`
			open = next++
		} else if (event.type === 'content_block_delta' && event.index !== open) return `delta for ${event.index}`
		else if (event.type === 'content_block_stop') {
			if (event.index !== open) return `stop of ${event.index}`
			open = -1
		} else if (event.type === 'message_delta' && (open !== -1 || position !== events.length - 2)) {
			return 'message_delta too early'
		} else if ((event.type === 'message_stop' || event.type === 'error') && position !== events.length - 1) {
			return `${event.type} in the middle`
		}
	}
	return open === -1 ? '' : 'a block was left open'
}
