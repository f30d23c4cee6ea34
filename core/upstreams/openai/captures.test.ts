import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { convert, expectAccepted } from '../../../test/support/openai-conversion.ts'
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
	test.each(['gpt-4o', 'gpt-5', 'gpt-5.2', 'o3', 'gpt-3.5-turbo', 'gpt-5-chat-latest'])(
		'is a request that OpenAI accepts for %s',
		model => {
			const stream = body.stream === true
			expectAccepted(convert(body, { model, stream }).body, 'openai')
			const atOpenAi = convert(body, { model, stream, baseUrl: 'https://api.openai.com' })
			expectAccepted(atOpenAi.body, 'openai')
		},
	)

	test('is a request that an old server accepts', () => {
		expectAccepted(convert(body, { dialect: 'openaiold', stream: body.stream === true }).body, 'openaiold')
	})

	test('keeps every word that the client said and every tool it named', () => {
		const { body: sent, outgoing } = convert(body)
		const texts: string[] = []
		JSON.stringify([body.messages, body.system], (key, value) => {
			const isBilling = typeof value === 'string' && value.startsWith('x-anthropic-billing-header')
			if ((key === 'text' || key === 'content') && typeof value === 'string' && !isBilling) texts.push(value)
			return value
		})
		const everything = JSON.stringify(sent.messages)
		for (const text of texts) expect(everything).toContain(JSON.stringify(text).slice(1, -1))
		expect(outgoing.body).not.toMatch(/billing-header|cache_control|defer_loading|user_id/)
		const tools = (body.tools ?? []) as { name: string; input_schema?: unknown }[]
		const client = tools.filter(tool => tool.input_schema)
		expect(sent.tools?.length ?? 0).toBe(client.length)
	})
})

test('the tool loop of Claude Code, whole', () => {
	const { body } = convert(load('cc-2.1.330-tool-loop.json'))
	const shape = body.messages.map(message => [
		message.role,
		...(message.role === 'assistant' ? (message.tool_calls?.map(call => call.id) ?? []) : []),
		...(message.role === 'tool' ? [message.tool_call_id, message.content] : []),
	])
	expect(shape).toEqual([
		['system'],
		['user'],
		['user'],
		['assistant', 'toolu_014kEXcyeGJNoYneKGaqWs8Z'],
		['tool', 'toolu_014kEXcyeGJNoYneKGaqWs8Z', 'a.txt\nlogo.png\nseed.txt'],
		[
			'assistant',
			'toolu_0144AUD1TUlu3KeVaDv6BKH6',
			'toolu_01WkPRzdPeewq1wGwA5lluoR',
			'toolu_01FNxVxRCCM5SyrjWd4mgVzo',
		],
		['tool', 'toolu_0144AUD1TUlu3KeVaDv6BKH6', '1\talpha\n2\t'],
		['tool', 'toolu_01WkPRzdPeewq1wGwA5lluoR', '[image: see the next message]'],
		['tool', 'toolu_01FNxVxRCCM5SyrjWd4mgVzo', 'Error: Exit code 1'],
		['user'],
	])
})
