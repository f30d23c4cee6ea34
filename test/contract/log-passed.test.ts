import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call, hello } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type Repeater, startRepeater } from './repeater.ts'

/**
 * Answers of Anthropic-compatible upstreams are passed on as they are; what they count must be in the log all the same.
 * Source of the shapes: https://docs.claude.com/en/api/messages-streaming#event-types
 */
const usages = {
	'input and output alone': { input_tokens: 25, output_tokens: 15 },
	'what a cache had and got': {
		...{
			input_tokens: 4,
			output_tokens: 503,
			cache_read_input_tokens: 18_000,
			cache_creation_input_tokens: 1200,
		},
		cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 200 },
	},
	'nothing from the cache': {
		...{ input_tokens: 4, output_tokens: 503, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
		service_tier: 'standard',
	},
	'reasoning and searches': {
		...{ input_tokens: 900, output_tokens: 4000, output_tokens_details: { thinking_tokens: 3500 } },
		server_tool_use: { web_search_requests: 3 },
	},
	'no output at all': { input_tokens: 12, output_tokens: 0 },
}
type Counted = Record<string, unknown> & { input_tokens: number; output_tokens: number }

const message = (usage: unknown) => ({
	...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5' },
	...{ content: [{ type: 'text', text: 'ok' }], stop_reason: 'end_turn', stop_sequence: null, usage },
})

/** @param last what the last event tells; Anthropic repeats all counts in it, relays often the output alone */
function toStream(first: unknown, last: unknown): string {
	const events = [
		{ type: 'message_start', message: { ...message(first), content: [], stop_reason: null } },
		{ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
		{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ok' } },
		{ type: 'content_block_stop', index: 0 },
		{ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: last },
		{ type: 'message_stop' },
	]
	return events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

const price = { input: 3, output: 17, cacheRead: 0.5, cacheWrite: 5 }

describe('the log of answers that are passed on', () => {
	let proxy: TestProxy
	let upstream: Repeater

	beforeAll(async () => {
		upstream = await startRepeater()
		proxy = await startProxy({ LOG_LEVEL: 'error' })
		await proxy.use({
			type: 'claude',
			baseUrl: upstream.url,
		})
		await askAdmin(proxy, 'PATCH', '/settings', { prices: [{ model: '*', ...price }] })
	})
	afterAll(async () => {
		await proxy.close()
		await upstream.close()
	})

	const forms: [string, (usage: Counted) => Repeater['answer']][] = [
		['in one piece', usage => ({ contentType: 'application/json', body: JSON.stringify(message(usage)) })],
		[
			'a stream whose end repeats everything',
			usage => ({ contentType: 'text/event-stream', body: toStream({ ...usage, output_tokens: 1 }, usage) }),
		],
		[
			'a stream whose end tells what came of it',
			usage => {
				const { output_tokens, output_tokens_details, server_tool_use, ...first } = usage
				const last = { output_tokens, ...(output_tokens_details !== undefined && { output_tokens_details }) }
				const searches = server_tool_use !== undefined && { server_tool_use }
				return {
					contentType: 'text/event-stream',
					body: toStream({ ...first, output_tokens: 1 }, { ...last, ...searches }),
				}
			},
		],
	]

	describe.each(Object.entries<Counted>(usages))('%s', (_, usage) => {
		test.each(forms)('%s', async (form, write) => {
			upstream.answer = write(usage)
			const called = await call(proxy, {
				...hello,
				model: 'claude-sonnet-5-5',
				stream: form !== 'in one piece',
			})
			expect(called.text).toBe(upstream.answer.body)
			await proxy.services.requestLog.flush()
			const { request } = (await askAdmin(proxy, 'GET', `/requests/${called.headers.get('request-id')}`)).body
			const details = usage.output_tokens_details as { thinking_tokens: number } | undefined
			const [read, written] = [usage.cache_read_input_tokens, usage.cache_creation_input_tokens].map(Number)
			const [cacheReadTokens, cacheWriteTokens] = [read || 0, written || 0]
			expect(request).toMatchObject({
				outcome: 'ok',
				usage: {
					...{ inputTokens: usage.input_tokens, outputTokens: usage.output_tokens },
					...{ cacheReadTokens, cacheWriteTokens, reasoningTokens: details?.thinking_tokens ?? 0 },
				},
				costMicros: Math.round(
					usage.input_tokens * price.input +
						usage.output_tokens * price.output +
						cacheReadTokens * price.cacheRead +
						cacheWriteTokens * price.cacheWrite,
				),
			})
		})
	})
})
