import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { estimateTextTokens } from './text-tokens.ts'
import { estimateInputTokens } from './token-estimate.ts'

/** Counted by o200k_base (gpt-tokenizer 3) and by @anthropic-ai/tokenizer 0.0.4. */
const counted: [name: string, text: string, openai: number, anthropic: number][] = [
	[
		'English',
		'The harbour master kept two ledgers. In the first he wrote the ships that came, their flags and their cargo; in the second, which nobody was allowed to read, he wrote the ships that had left port and were never seen again.',
		...([49, 49] as const),
	],
	[
		'code',
		'export function average(values: readonly number[]): number {\n\tif (values.length === 0) return 0\n\tlet total = 0\n\tfor (const value of values) total += value\n\treturn total / values.length\n}\n',
		...([46, 53] as const),
	],
	[
		'Chinese',
		'港务长有两本账簿。第一本记录到港的船只、旗帜和货物；第二本不许任何人翻看，里面写着那些离港之后再也没有回来的船。',
		...([49, 62] as const),
	],
	[
		'Japanese',
		'港長は二冊の帳簿をつけていた。一冊目には入港した船の旗と積荷を、誰にも見せない二冊目には、出港したきり戻らなかった船の名を書いた。',
		...([54, 78] as const),
	],
	[
		'Russian',
		'Начальник порта вёл две книги. В первую он записывал прибывшие суда, их флаги и груз, а во вторую, которую никому не показывал, — суда, ушедшие в море и не вернувшиеся.',
		...([54, 95] as const),
	],
	[
		'German',
		'Der Hafenmeister führte zwei Bücher. In das erste schrieb er die ankommenden Schiffe, ihre Flaggen und Ladungen; in das zweite, das niemand lesen durfte, die Schiffe, die ausgelaufen und nie zurückgekehrt waren.',
		...([49, 69] as const),
	],
	[
		'digits',
		'3.14159265358979, 2.71828182845904, 1.61803398874989, 1.41421356237309, 0.57721566490153',
		...([43, 42] as const),
	],
	[
		'JSON',
		'{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"},"days":{"type":"integer","minimum":1,"maximum":14}},"required":["city"]}',
		...([41, 40] as const),
	],
]

/** What Claude Code sent: system prompt, tools and messages as JSON, counted in the same way. */
const captured: [file: string, openai: number, anthropic: number][] = [
	['cc-2.1.330-tool-search', 4189, 5829],
	['cc-2.1.330-first-request', 3202, 4580],
	['cc-2.1.197-tool-loop', 5037, 6654],
]

function readCapture(file: string): Record<string, unknown> {
	const url = new URL(`../../test/fixtures/captures/${file}.json`, import.meta.url)
	return JSON.parse(readFileSync(url, 'utf8')).body
}

const ask = (content: unknown, more = {}) =>
	estimateInputTokens({ messages: [{ role: 'user', content }], ...more })

describe('texts', () => {
	test.each(counted)(
		'%s is estimated within a third of what vocabularies count',
		(_name, text, openai, anthropic) => {
			const estimate = estimateTextTokens(text)
			expect(estimate).toBeGreaterThan(Math.min(openai, anthropic) * 0.95)
			expect(estimate).toBeLessThan(Math.max(openai, anthropic) * 1.33)
		},
	)

	test.each(captured)('%s lies between what vocabularies count', (file, openai, anthropic) => {
		const estimate = estimateInputTokens(readCapture(file))
		expect(estimate).toBeGreaterThan(openai)
		expect(estimate).toBeLessThan(anthropic * 1.1)
	})

	test('a long text that is sampled is estimated as one that is read', () => {
		const prose = counted.map(([, text]) => text).join('\n')
		const long = prose.repeat(40)
		const whole = estimateTextTokens(long)
		expect(estimateTextTokens(long, 16) / whole).toBeCloseTo(1, 1)
		expect(ask(long) / whole).toBeCloseTo(1, 1)
	})

	test('an empty request still has its frame', () => {
		expect(estimateInputTokens({ messages: [] })).toBeGreaterThan(0)
		expect(ask('')).toBeGreaterThan(0)
		expect(ask('foo', { tools: [] })).toBeLessThan(20)
	})
})

describe('what is not text (trap 27)', () => {
	const base64 = 'iVBORw0KGgo'.repeat(40_000)
	const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } }
	const pdf = (length: number) => ({
		type: 'document',
		source: { type: 'base64', media_type: 'application/pdf', data: 'A'.repeat(length) },
	})

	test('an image counts about 1500, whatever its bytes, also inside a tool result', () => {
		expect(ask([image]) - ask([])).toBeCloseTo(1500, -2)
		const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: [image] }
		expect(ask([result]) - ask([])).toBeCloseTo(1500, -2)
	})

	test('a PDF counts by its pages', () => {
		const [small, large] = [ask([pdf(50_000)]), ask([pdf(600_000)])]
		expect(small).toBeGreaterThan(1500)
		expect(small).toBeLessThan(4000)
		expect(large).toBeGreaterThan(15_000)
		expect(large).toBeLessThan(30_000)
	})

	test('a text document counts by its text', () => {
		const source = { type: 'text', media_type: 'text/plain', data: counted[0]?.[1] }
		expect(ask([{ type: 'document', source }])).toBeCloseTo(ask(counted[0]?.[1]), -1)
	})

	test('signatures and encrypted thinking count nothing', () => {
		const thinking = { type: 'thinking', thinking: 'short', signature: base64 }
		const redacted = { type: 'redacted_thinking', data: base64 }
		expect(ask([thinking, redacted])).toBeLessThan(100)
	})
})

describe('tools', () => {
	const tool = (properties: object) => ({
		name: 'find',
		description: 'Finds a ship.',
		input_schema: { type: 'object', properties },
	})
	const described = { type: 'string', description: 'The name that is painted on its bow, or its call sign.' }

	test('schemas count, also properties that are called like silent members', () => {
		const none = ask('Hi')
		const one = ask('Hi', { tools: [tool({})] })
		const two = ask('Hi', { tools: [tool({ name: described })] })
		const named = ask('Hi', { tools: [tool({ data: described, id: described })] })
		expect(one).toBeGreaterThan(none + 10)
		expect(two).toBeGreaterThan(one + 10)
		expect(named).toBeGreaterThan(two + 10)
	})

	test('each tool more makes the estimate grow', () => {
		const tools = (readCapture('cc-2.1.330-tool-search').tools as unknown[]) ?? []
		const sizes = tools.map((_, index) => ask('Hi', { tools: tools.slice(0, index + 1) }))
		expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
		expect(new Set(sizes).size).toBe(tools.length)
	})
})

test('any JSON has an estimate', () => {
	const property = fc.property(fc.jsonValue(), json => {
		for (const request of [
			json,
			{ messages: json, system: json, tools: json },
			{ messages: [{ content: json }] },
		]) {
			const estimate = estimateInputTokens(request)
			expect(Number.isSafeInteger(estimate) && estimate > 0).toBe(true)
		}
	})
	fc.assert(property)
})
