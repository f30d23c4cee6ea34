import { expect, test } from 'vitest'
import { findFault, gather, hasWholeInputs } from '../../../test/support/events.ts'
import * as fc from '../../../test/support/fast-check.ts'
import {
	added,
	call,
	completed,
	done,
	event,
	jsonDelta,
	readAnswer,
	readStream,
	readWithSdk,
	reasoning,
	response,
	summaryDelta,
	text,
	textDelta,
} from '../../../test/support/responses-conversion.ts'

const word = fc.constantFrom('', 'a', '{"n":', '1}', '{}', 'Read', 'x y')
const odd = fc.constantFrom<unknown>(null, 'x', 7, [], [null], {})
const index = fc.constantFrom(0, 0, 1, 2)
const annotation = { type: 'url_citation', url: 'u', title: 't' }
const item = fc.oneof(
	word.map(content => text(content, { annotations: [annotation, null] })),
	fc.tuple(word, fc.oneof(word, fc.constant({ n: 1 }))).map(([name, args]) => call(name, args)),
	fc.tuple(fc.array(word, { maxLength: 2 }), word).map(([parts, encrypted]) => reasoning(parts, encrypted)),
	fc.constantFrom(
		{
			type: 'web_search_call',
			status: 'completed',
			action: { type: 'search', query: 'q', sources: [{ url: 'u' }] },
		},
		{ type: 'web_search_call', status: 'failed', action: null },
		{ type: 'image_generation_call', result: 'x' },
		{ type: 'message', content: 'x' },
		{ type: 'message', content: [null, { refusal: 'no' }] },
		{ type: 'reasoning', content: [{ type: 'reasoning_text', text: 'open' }] },
		{},
	),
)
const piece = fc.oneof(
	fc.tuple(index, item).map(([at, one]) => added(at, one)),
	fc.tuple(index, item).map(([at, one]) => done(at, one)),
	fc.tuple(index, word).map(([at, delta]) => textDelta(at, delta)),
	fc.tuple(index, word).map(([at, delta]) => summaryDelta(at, delta)),
	fc.tuple(index, word).map(([at, delta]) => jsonDelta(at, delta)),
	fc
		.tuple(
			fc.constantFrom(
				'output_text.done',
				'refusal.delta',
				'refusal.done',
				'reasoning_text.delta',
				'reasoning_text.done',
				'reasoning_summary_text.done',
				'function_call_arguments.done',
				'content_part.done',
				'output_text.annotation.added',
				'output_item.added',
				'output_item.done',
				'something.new',
			),
			index,
			fc.oneof(word, odd),
		)
		.map(([type, at, value]) =>
			event(type, at, {
				delta: value,
				text: value,
				arguments: value,
				refusal: value,
				part: value,
				item: value,
			}),
		),
)
const terminal = fc.oneof(
	fc.array(item, { maxLength: 3 }).map(items => ({ type: 'response.completed', response: response(items) })),
	fc.constantFrom<unknown>(
		completed({ usage: { input_tokens: '7', output_tokens: 1.5, input_tokens_details: null } }),
		{ type: 'response.incomplete', response: { status: 'incomplete', incomplete_details: null } },
		{ type: 'response.incomplete', response: { incomplete_details: { reason: 'max_output_tokens' } } },
		{
			type: 'response.failed',
			response: { status: 'failed', error: { code: 'server_error', message: 'm' } },
		},
		{ type: 'response.completed', response: 'x' },
		{ type: 'error', message: 'm', code: null },
		{ type: 'error' },
		{ error: { message: 'e' } },
		'[DONE]',
		'junk',
	),
)

test('any events give a legal sequence that the SDK can read, and never throw', async () => {
	const events = fc.array(
		fc.oneof(
			{ weight: 9, arbitrary: piece },
			{ weight: 1, arbitrary: terminal },
			{ weight: 1, arbitrary: fc.json() },
		),
		{ maxLength: 12 },
	)
	await fc.assert(
		fc.asyncProperty(events, fc.option(terminal), async (pieces, last) => {
			const { events } = readStream([...pieces, ...(last ? [last] : [])])
			expect(findFault(events)).toBe('')
			if (events.at(-1)?.type === 'message_stop' && hasWholeInputs(events)) await readWithSdk(events)
		}),
		{ numRuns: 1000 },
	)
})

test('whatever JSON an upstream answers, it is read or refused, and never throws', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.jsonValue(),
				fc.array(item).map(items => response(items)),
			),
			body => {
				const { understood, blocks } = readAnswer(body)
				expect(blocks.over).toBe(understood)
			},
		),
	)
})

const wholeItem = fc.oneof(
	fc.string({ minLength: 1 }).map(content => text(content, { annotations: [annotation] })),
	fc.json().map(args => call('Read', `{"value":${args}}`)),
	fc
		.tuple(fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }), fc.constantFrom('', 'secret'))
		.map(([parts, encrypted]) => reasoning(parts, encrypted)),
	fc.constant({ type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } }),
)

/** The events by which an item comes, cut into single characters. */
function toEvents(item: Record<string, unknown>, at: number): unknown[] {
	const pieces: unknown[] = [added(at, { ...item, content: [], summary: [], arguments: '' })]
	if (item.type === 'message') {
		const [part] = item.content as [{ text: string }]
		pieces.push(...[...part.text].map(letter => textDelta(at, letter)))
	}
	if (item.type === 'function_call')
		pieces.push(...[...String(item.arguments)].map(one => jsonDelta(at, one)))
	for (const [part, { text }] of ((item.summary ?? []) as { text: string }[]).entries()) {
		pieces.push(...[...text].map(letter => summaryDelta(at, letter, part)))
	}
	return [...pieces, done(at, item)]
}

test('a stream, a stream of `done` events alone, and a whole answer give the same message', () => {
	const ending = fc.constantFrom<object>(
		{},
		{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
		{ tools: [] },
	)
	fc.assert(
		fc.property(fc.array(wholeItem, { maxLength: 5 }), ending, (items, end) => {
			const named = items.map((item, at) =>
				item.type === 'function_call' ? { ...item, call_id: `c${at}` } : item,
			)
			const more = { usage: { input_tokens: 5, output_tokens: 6 }, ...end }
			const start = { type: 'response.created', response: response([], { ...more, status: 'in_progress' }) }
			const last = { type: 'response.completed', response: response(named, more) }
			const whole = readAnswer(response(named, more)).message
			const pieces = readStream([start, ...named.flatMap(toEvents), last])
			expect(gather(pieces.events)).toEqual(whole)
			const dones = readStream([start, ...named.map((item, at) => done(at, item)), last])
			expect(gather(dones.events)).toEqual(whole)
			expect(gather(readStream([last]).events)).toEqual(whole)
		}),
		{ numRuns: 500 },
	)
})
