import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

const key = 'sk-test-key-0123456789'

const types = [
	{ type: 'openai', model: 'gpt-5.1', start: () => startOpenAiUpstream({ keys: [key] }) },
	{ type: 'openaiold', model: 'qwen-max', start: () => startOpenAiUpstream({ keys: [key], compat: 'old' }) },
	{ type: 'gemini', model: 'gemini-3-pro-preview', start: () => startGeminiUpstream({ keys: [key] }) },
	{ type: 'claude', model: 'claude-opus-5-5', start: () => startAnthropicUpstream({ keys: [key] }) },
] as const

describe.each(types)('the Anthropic SDK over an upstream of type $type', ({ type, model, start }) => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let client: Anthropic

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([startProxy(), start()])
		await proxy.use({ type, baseUrl: upstream.url }, [key])
		client = new Anthropic({ baseURL: proxy.url, apiKey: accessKey, maxRetries: 0 })
	})
	afterEach(async () => {
		await Promise.all([proxy.close(), upstream.close()])
	})

	test('create', async () => {
		upstream.script({ text: 'Hello there', usage: { input: 20, output: 5 } })
		const message = await client.messages.create({
			model,
			max_tokens: 100,
			messages: [{ role: 'user', content: 'Hi' }],
		})
		expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Hello there' })
		expect(message.stop_reason).toBe('end_turn')
		expect(message.model).toBe(model)
	})

	test('stream', async () => {
		upstream.script({ text: ['Hel', 'lo'] })
		const stream = client.messages.stream({
			model,
			max_tokens: 100,
			messages: [{ role: 'user', content: 'Hi' }],
		})
		const texts: string[] = []
		stream.on('text', delta => texts.push(delta))
		const message = await stream.finalMessage()
		expect(texts).toEqual(['Hel', 'lo'])
		expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Hello' })
		expect(message.stop_reason).toBe('end_turn')
	})
})
