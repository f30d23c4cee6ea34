import { describe, expect, test } from 'vitest'
import { answer, findIllegalEvent, readJson, readStream } from './testing.ts'

describe('Google Search', () => {
	const groundingMetadata = {
		webSearchQueries: ['oslo weather'],
		groundingChunks: [{ web: { uri: 'https://a.test', title: 'A' } }, { web: { uri: 'https://b.test' } }],
		groundingSupports: [
			{ segment: { startIndex: 0, endIndex: 5, text: 'Rain.' }, groundingChunkIndices: [0, 7] },
			{ segment: { text: 'Rain.' }, groundingChunkIndices: [1] },
		],
	}

	test('trap A26: sources become citations and a web search with its results', () => {
		const { message, events } = readStream([
			answer([{ text: 'Rain.' }]),
			answer([{ text: '' }], 'STOP', { groundingMetadata }),
		])
		const location = { type: 'web_search_result_location', encrypted_index: '', cited_text: 'Rain.' }
		const result = { type: 'web_search_result', encrypted_content: '', page_age: null }
		expect(message?.content).toEqual([
			{
				type: 'text',
				text: 'Rain.',
				citations: [
					{ ...location, url: 'https://a.test', title: 'A' },
					{ ...location, url: 'https://b.test', title: 'https://b.test' },
				],
			},
			{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'oslo weather' } },
			{
				type: 'web_search_tool_result',
				tool_use_id: 'srvtoolu_1',
				content: [
					{ ...result, url: 'https://a.test', title: 'A' },
					{ ...result, url: 'https://b.test', title: 'https://b.test' },
				],
			},
		])
		expect(message?.usage.server_tool_use).toEqual({ web_search_requests: 1 })
		expect(message?.stop_reason).toBe('end_turn')
		expect(findIllegalEvent(events)).toBeUndefined()
	})

	test('metadata without sources writes nothing', () => {
		const { message } = readJson(answer([{ text: 'Hi' }], 'STOP', { groundingMetadata: {} }))
		expect(message?.content).toEqual([{ type: 'text', text: 'Hi' }])
	})
})
