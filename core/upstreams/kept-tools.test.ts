import { describe, expect, test } from 'vitest'
import type { LearnedFact } from '../config/learned-facts.ts'
import type { MessageRequest } from '../messages/request.ts'
import type { ConvertInput, ConvertingAdapter } from './contract.ts'
import { findAdapter, upstreamTypes } from './registry.ts'

const adapters = [...upstreamTypes]
	.map(findAdapter)
	.filter((adapter): adapter is ConvertingAdapter => adapter?.mode === 'convert')

const makeTools = (): MessageRequest['tools'] => [
	{
		name: 'a name that is not allowed upstream',
		description: 'Reads.',
		strict: true,
		defer_loading: true,
		input_schema: {
			type: 'object',
			properties: { path: { type: 'string', pattern: '^/', default: '/' }, all: { type: 'array' } },
			anyOf: [{ required: ['path'] }, { required: ['all'] }],
			additionalProperties: false,
		},
	},
	{ name: 'Write', input_schema: { type: 'object', properties: {}, $schema: 'x' } },
]

const request = (tools: MessageRequest['tools'], content: string): MessageRequest => ({
	model: 'claude-sonnet-4-5',
	max_tokens: 100,
	messages: [{ role: 'user', content }],
	...(tools && { tools }),
})

const facts: LearnedFact[] = [
	{ kind: 'no-field', path: 'tools.*.function.parameters.additionalProperties' },
	{ kind: 'no-field', path: 'tools.*.parameters.additionalProperties' },
	{ kind: 'no-field', path: 'tools.*.functionDeclarations.*.description' },
	{ kind: 'no-keyword', keyword: 'pattern', root: false },
	{ kind: 'no-keyword', keyword: 'anyOf', root: true },
]

const target: ConvertInput['target'] = {
	baseUrl: 'https://api.example.com',
	authStyle: 'auto',
	extraHeaders: {},
}

describe.each(adapters.map(adapter => [adapter.type, adapter] as const))('tools for %s', (_type, adapter) => {
	const build = (given: MessageRequest, known: LearnedFact[] = [], baseUrl = target.baseUrl) => {
		const input = { request: given, model: 'm', target: { ...target, baseUrl }, stream: false, facts: known }
		const { outgoing, notes, toolNames } = adapter.buildRequest(input)
		return { body: String(outgoing.body), notes, toolNames: [...toolNames] }
	}

	test('a list that came before is converted as if it were new', () => {
		const shared = makeTools()
		for (const baseUrl of [target.baseUrl, 'https://api.openai.com']) {
			for (const content of ['one', 'two', 'three']) {
				const fresh = build(request(makeTools(), content), [], baseUrl)
				expect(build(request(shared, content), [], baseUrl)).toEqual(fresh)
			}
		}
	})

	test.each(facts)('what $kind $path $keyword takes away is there again for the next upstream', fact => {
		const shared = makeTools()
		const plain = build(request(makeTools(), 'x'))
		const changed = build(request(makeTools(), 'x'), [fact])
		expect(build(request(shared, 'x'))).toEqual(plain)
		expect(build(request(shared, 'x'), [fact])).toEqual(changed)
		expect(build(request(shared, 'x'))).toEqual(plain)
		expect(shared).toEqual(makeTools())
	})

	test('the body is what JSON.stringify would write', () => {
		const { body } = build(request(makeTools(), '"\u2028é'))
		expect(body).toBe(JSON.stringify(JSON.parse(body)))
	})
})

test('each fact takes something away from one type at least', () => {
	const differs = facts.filter(fact =>
		adapters.some(adapter => {
			const of = (known: LearnedFact[]) =>
				adapter.buildRequest({
					request: request(makeTools(), 'x'),
					model: 'm',
					target,
					stream: false,
					facts: known,
				})
			return of([fact]).outgoing.body !== of([]).outgoing.body
		}),
	)
	expect(differs.length).toBe(facts.length)
})
