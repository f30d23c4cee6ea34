import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { convert, expectAccepted } from '../../../test/support/responses-conversion.ts'
import { messageRequestSchema } from '../../messages/request.ts'

const folder = new URL('../../../test/fixtures/captures/', import.meta.url)
const load = (name: string): Record<string, unknown> =>
	JSON.parse(readFileSync(new URL(name, folder), 'utf8')).body
/** Requests of real clients that ask for a message; the one with a thread is refused (request.test.ts). */
const captures = readdirSync(folder)
	.map(name => ({ name, body: load(name) }))
	.filter(({ body }) => messageRequestSchema.safeParse(body).success && body.thread === undefined)

test('there are captures', () => {
	expect(captures.length).toBeGreaterThanOrEqual(9)
})

describe.each(captures)('$name', ({ body }) => {
	test.each(['gpt-4o', 'gpt-5', 'gpt-5.2', 'gpt-5.4', 'gpt-6-sol', 'o3', 'gpt-5-chat-latest'])(
		'is a request that OpenAI accepts for %s',
		model => {
			const stream = body.stream === true
			expectAccepted(convert(body, { model, stream }).body)
			expectAccepted(convert(body, { model, stream, baseUrl: 'https://api.openai.com' }).body)
		},
	)

	test('keeps every word that the client said and every tool it named', () => {
		const { body: sent, outgoing } = convert(body)
		const texts: string[] = []
		JSON.stringify([body.messages, body.system], (key, value) => {
			const isBilling = typeof value === 'string' && value.startsWith('x-anthropic-billing-header')
			if ((key === 'text' || key === 'content') && typeof value === 'string' && !isBilling) texts.push(value)
			return value
		})
		const everything = JSON.stringify([sent.instructions, sent.input])
		for (const text of texts) expect(everything).toContain(JSON.stringify(text).slice(1, -1))
		expect(outgoing.body).not.toMatch(/billing-header|cache_control|defer_loading|user_id/)
		const tools = (body.tools ?? []) as { name: string; input_schema?: unknown }[]
		expect(sent.tools?.length ?? 0).toBe(tools.length)
	})
})

test('the tool loop of Claude Code, whole', () => {
	const { body } = convert(load('cc-2.1.330-tool-loop.json'), { baseUrl: 'https://api.openai.com' })
	const shape = body.input.map(item => {
		if (item.type === 'message') return [item.role]
		if (item.type === 'function_call') return ['call', item.call_id]
		if (item.type !== 'function_call_output') return [item.type]
		const { output } = item
		return ['output', item.call_id, typeof output === 'string' ? output : output.map(part => part.type)]
	})
	expect(shape).toEqual([
		['user'],
		['developer'],
		['assistant'],
		['call', 'toolu_014kEXcyeGJNoYneKGaqWs8Z'],
		['output', 'toolu_014kEXcyeGJNoYneKGaqWs8Z', 'a.txt\nlogo.png\nseed.txt'],
		['call', 'toolu_0144AUD1TUlu3KeVaDv6BKH6'],
		['call', 'toolu_01WkPRzdPeewq1wGwA5lluoR'],
		['call', 'toolu_01FNxVxRCCM5SyrjWd4mgVzo'],
		['output', 'toolu_0144AUD1TUlu3KeVaDv6BKH6', '1\talpha\n2\t'],
		['output', 'toolu_01WkPRzdPeewq1wGwA5lluoR', ['input_image']],
		['output', 'toolu_01FNxVxRCCM5SyrjWd4mgVzo', 'Error: Exit code 1'],
	])
})

test('trap 26: the web search of Claude Code is the upstream’s own', () => {
	const { body, notes } = convert(load('cc-2.1.330-web-search-side-call.json'))
	expect(body.tools).toEqual([{ type: 'web_search' }])
	expect(body.max_tool_calls).toBe(8)
	expect(notes.filter(note => note.field === 'tools')).toEqual([])
})
