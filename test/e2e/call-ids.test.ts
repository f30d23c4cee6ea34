import Anthropic from '@anthropic-ai/sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { accessKey, startProxy } from '../support/proxy.ts'
import {
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../support/upstreams/index.ts'

const key = 'sk-test-key-0123456789'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
	await Promise.all(closing.splice(0).map(close => close()))
})

const tools = [
	{ name: 'read', input_schema: { type: 'object' as const, properties: { n: { type: 'number' } } } },
]

describe.each([
	['openai', 'gpt-4o', startOpenAiUpstream],
	['responses', 'gpt-4o', startResponsesUpstream],
	['gemini', 'gemini-3-pro-preview', startGeminiUpstream],
] as const)('an upstream of type %s that numbers the calls of each answer anew', (type, model, start) => {
	test.each([true, false])(
		'gives each call of a conversation an id of its own, as a stream: %s',
		async stream => {
			const [proxy, upstream] = await Promise.all([startProxy(), start({ keys: [key] })])
			closing.push(
				() => proxy.close(),
				() => upstream.close(),
			)
			await proxy.use({ type, baseUrl: upstream.url, modelMap: { 'claude-*': model } }, [key])
			const client = new Anthropic({ baseURL: proxy.url, apiKey: accessKey, maxRetries: 0 })
			const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Read.' }]
			const ids: string[] = []
			for (const n of [1, 2, 3]) {
				upstream.script({ toolCalls: [{ id: 'call_0', name: 'read', args: { n } }] })
				const request = { model: 'claude-opus-5-5', max_tokens: 100, messages, tools }
				const { content } = stream
					? await client.messages.stream(request).finalMessage()
					: await client.messages.create(request)
				const use = content.find(block => block.type === 'tool_use')
				expect(use).toMatchObject({ name: 'read', input: { n } })
				const id = use?.id ?? ''
				ids.push(id)
				const result = { type: 'tool_result' as const, tool_use_id: id, content: `was ${n}` }
				messages.push({ role: 'assistant', content }, { role: 'user', content: [result] })
			}
			expect(ids).toEqual(['call_0', 'call_0_2', 'call_0_3'])
		},
	)
})
