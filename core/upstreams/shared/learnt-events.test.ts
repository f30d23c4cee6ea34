import { describe, expect, test, vi } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { parseJson } from './failure.ts'
import { createEventReader } from './learnt-events.ts'

const changing = ['choices.0.delta.content', 'usage.count', 'obfuscation']

const chunk = (content: unknown, rest: object = {}) => ({
	id: 'c1',
	choices: [{ index: 0, delta: { content }, finish_reason: null }],
	...rest,
})

const anyText = fc.oneof(
	fc.string({ unit: 'grapheme' }),
	fc.constantFrom(
		'',
		'"',
		'\\',
		'\\"',
		'a"},"logprobs',
		'\n\u2028\u0000',
		'\ud83d',
		'"content":"',
		'sample 0',
		'\ue000',
		'\ue0000\ue001',
	),
)
const anyEvent = fc.oneof(
	{ weight: 6, arbitrary: anyText.map(text => chunk(text)) },
	{
		weight: 3,
		arbitrary: fc.tuple(anyText, fc.string()).map(([text, noise]) => chunk(text, { obfuscation: noise })),
	},
	{
		weight: 3,
		arbitrary: fc
			.tuple(anyText, fc.oneof(fc.nat(), fc.double(), fc.constantFrom(-1, 1e21, '7', null)))
			.map(([text, count]) => chunk(text, { usage: { count } })),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom<object>(
			chunk(null),
			chunk(['x']),
			chunk({}),
			{ choices: [] },
			{ error: {} },
			[],
		),
	},
	{ weight: 1, arbitrary: fc.object() },
)
const write = fc
	.tuple(anyEvent, fc.constantFrom(undefined, undefined, 1, '\t'))
	.map(([event, indent]) => JSON.stringify(event, undefined, indent))
/** A stream writes its events alike; here and there one is broken, or has a member twice. */
const anyData = fc.oneof(
	{ weight: 12, arbitrary: write },
	{
		weight: 1,
		arbitrary: fc.tuple(write, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
	},
	{
		weight: 2,
		arbitrary: fc
			.tuple(write, fc.nat(), fc.constantFrom('"', '\\', '{', '}', ',', '\t', '\u0001', '0', 'é'))
			.map(([text, at, sign]) => {
				const place = at % (text.length + 1)
				return text.slice(0, place) + sign + text.slice(place)
			}),
	},
	{
		weight: 2,
		arbitrary: fc
			.tuple(fc.option(anyText), anyText, fc.constantFrom('content', 'c\\u006fntent'))
			.map(
				([one, other, name]) =>
					`{"id":"c1","choices":[{"index":0,"delta":{"content":${JSON.stringify(one)},"${name}":${JSON.stringify(other)}}}]}`,
			),
	},
	{ weight: 1, arbitrary: fc.constantFrom('[DONE]', '', '{"__proto__":{"content":"x"},"choices":[]}') },
)

describe('createEventReader', () => {
	test('reads every stream as JSON.parse does, event by event', () => {
		fc.assert(
			fc.property(fc.array(anyData, { maxLength: 30 }), events => {
				const read = createEventReader(changing)
				for (const data of events) expect(read(data)).toEqual(parseJson(data))
			}),
			{ numRuns: 1000 },
		)
	})

	test('learns nothing from a member that occurs twice, whatever it says', () => {
		const write = (one: string) =>
			`{"id":"c1","choices":[{"delta":{"content":"${one}","c\\u006fntent":"sample 0"}}],"usage":{"count":1,"count":900000}}`
		const read = createEventReader(changing)
		for (const data of [write(''), write('a'), write('b')]) expect(read(data)).toEqual(JSON.parse(data))
	})

	test('reads streams that are alike as JSON.parse does, too', () => {
		fc.assert(
			fc.property(fc.array(anyText, { minLength: 3, maxLength: 30 }), fc.nat(3), (texts, indent) => {
				const read = createEventReader(changing)
				texts.forEach((text, count) => {
					const data = JSON.stringify(chunk(text, { usage: { count }, obfuscation: text }), undefined, indent)
					expect(read(data)).toEqual(JSON.parse(data))
				})
			}),
		)
	})

	const countParses = (events: readonly string[]): number => {
		const read = createEventReader(changing)
		const parse = vi.spyOn(JSON, 'parse')
		for (const data of events) read(data)
		const count = parse.mock.calls.length
		parse.mockRestore()
		return count
	}

	/** As JSON.stringify writes it, and with blanks: then what was learnt is proven by parsing it once more. */
	const writings = [
		['plainly', undefined, 0],
		['with blanks', 1, 1],
	] as const

	test.each(writings)(
		'of events that are alike, written %s, only the first is parsed',
		(_, indent, proofs) => {
			const events = Array.from({ length: 200 }, (_, index) => {
				const varying = { usage: { count: index }, obfuscation: 'x'.repeat(index % 7) }
				return JSON.stringify(chunk(`word ${index}`, varying), undefined, indent)
			})
			expect(countParses(events)).toBe(1 + proofs)
		},
	)

	test.each(writings)(
		'a stream whose events are never alike, written %s, is soon only parsed',
		(_, indent, proofs) => {
			const events = Array.from({ length: 200 }, (_, id) =>
				JSON.stringify(chunk('word', { id }), undefined, indent),
			)
			expect(countParses(events)).toBe(200 + 4 * proofs)
		},
	)
})
