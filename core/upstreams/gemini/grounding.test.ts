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
	const location = { type: 'web_search_result_location', encrypted_index: '', cited_text: 'Rain.' }
	const result = { type: 'web_search_result', encrypted_content: '', page_age: null }
	const cited = {
		type: 'text',
		text: 'Rain.',
		citations: [
			{ ...location, url: 'https://a.test', title: 'A' },
			{ ...location, url: 'https://b.test', title: 'https://b.test' },
		],
	}
	const search = [
		{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'oslo weather' } },
		{
			type: 'web_search_tool_result',
			tool_use_id: 'srvtoolu_1',
			content: [
				{ ...result, url: 'https://a.test', title: 'A' },
				{ ...result, url: 'https://b.test', title: 'https://b.test' },
			],
		},
	]

	test('trap A26: sources that are known before the text are a web search before it, and citations', () => {
		const whole = answer([{ text: 'Rain.' }], 'STOP', { groundingMetadata })
		for (const { message, events, blocks } of [readJson(whole), readStream([whole])]) {
			expect(message?.content).toEqual([...search, cited])
			expect(message?.usage.server_tool_use).toEqual({ web_search_requests: 1 })
			expect(message?.stop_reason).toBe('end_turn')
			expect(findIllegalEvent(events)).toBeUndefined()
			expect(blocks.notes).toEqual([])
		}
	})

	test('the search comes after the thoughts', () => {
		const parts = [{ text: 'Hm.', thought: true }, { text: 'Rain.' }]
		const { message } = readJson(answer(parts, 'STOP', { groundingMetadata }))
		const types = ['thinking', 'server_tool_use', 'web_search_tool_result', 'text']
		expect(message?.content.map(block => block.type)).toEqual(types)
	})

	test('clients 0.9: sources that come after the text are citations, so that the text stays last', () => {
		const { message, events, blocks } = readStream([
			answer([{ text: 'Rain.' }]),
			answer([{ text: '' }], 'STOP', { groundingMetadata }),
		])
		expect(message?.content).toEqual([cited])
		expect(message?.usage.server_tool_use).toEqual({ web_search_requests: 1 })
		expect(findIllegalEvent(events)).toBeUndefined()
		expect(blocks.notes).toMatchObject([{ field: 'groundingMetadata', action: 'dropped' }])
	})

	test('late sources that no part of the text names are cited by the whole text', () => {
		const { groundingSupports: _none, ...unsupported } = groundingMetadata
		const { message } = readStream([
			answer([{ text: 'Rain.' }]),
			answer([], 'STOP', { groundingMetadata: unsupported }),
		])
		expect(message?.content).toEqual([
			{ ...cited, citations: cited.citations.map(one => ({ ...one, cited_text: '' })) },
		])
	})

	test('text is not held back for sources that may come', () => {
		const { events } = readStream([answer([{ text: 'Rain ' }]), answer([{ text: 'today.' }])])
		expect(events.map(event => event.type).slice(0, 4)).toEqual([
			'message_start',
			'content_block_start',
			'content_block_delta',
			'content_block_delta',
		])
	})

	test('metadata without sources writes nothing', () => {
		const { message } = readJson(answer([{ text: 'Hi' }], 'STOP', { groundingMetadata: {} }))
		expect(message?.content).toEqual([{ type: 'text', text: 'Hi' }])
	})
})
