import { describe, expect, test } from 'vitest'
import { findFault, gather, hasWholeInputs } from '../../../test/support/events.ts'
import * as fc from '../../../test/support/fast-check.ts'
import {
	callDelta,
	completion,
	delta,
	readAnswer,
	readStream,
	readWithSdk,
} from '../../../test/support/openai-conversion.ts'

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
