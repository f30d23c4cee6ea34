import { describe, expect, test } from 'vitest'
import {
	added,
	completed,
	done,
	event,
	readStream,
	readWithSdk,
	text,
	textDelta,
} from '../../../test/support/responses-conversion.ts'

const messageOf = async (events: readonly unknown[]) => readWithSdk(readStream(events).events)

describe('trap 26: web search', () => {
	const search = (more: object = {}) => ({
		type: 'web_search_call',
		id: 'ws_1',
		status: 'completed',
		action: { type: 'search', query: 'rain oslo', sources: [{ type: 'url', url: 'https://a.example' }] },
		...more,
	})

	test('is a server tool’s call and result, counted, and cited', async () => {
		const annotation = {
			type: 'url_citation',
			url: 'https://a.example',
			title: 'A',
			start_index: 0,
			end_index: 4,
		}
		const message = await messageOf([
			added(0, { type: 'web_search_call', id: 'ws_1', status: 'in_progress' }),
			event('web_search_call.in_progress', 0),
			event('web_search_call.searching', 0),
			event('web_search_call.completed', 0),
			done(0, search()),
			textDelta(1, 'Rain.'),
			event('output_text.annotation.added', 1, { content_index: 0, annotation_index: 0, annotation }),
			done(1, text('Rain.', { annotations: [annotation] })),
			completed({ usage: { input_tokens: 9, output_tokens: 3 } }),
		])
		expect(message.content).toEqual([
			{ type: 'server_tool_use', id: 'srvtoolu_ws_1', name: 'web_search', input: { query: 'rain oslo' } },
			{
				type: 'web_search_tool_result',
				tool_use_id: 'srvtoolu_ws_1',
				content: [
					{
						type: 'web_search_result',
						url: 'https://a.example',
						title: 'https://a.example',
						encrypted_content: '',
						page_age: null,
					},
				],
			},
			{
				type: 'text',
				text: 'Rain.',
				citations: [
					{
						type: 'web_search_result_location',
						url: 'https://a.example',
						title: 'A',
						cited_text: '',
						encrypted_index: '',
					},
				],
			},
		])
		expect(message.usage).toMatchObject({ server_tool_use: { web_search_requests: 1 } })
	})

	test('that failed says so; several queries are one call; pages opened are no search', async () => {
		const message = await messageOf([
			done(0, search({ status: 'failed', action: { type: 'search', queries: ['a', 'b'] } })),
			done(1, search({ id: 'ws_2', action: { type: 'open_page', url: 'https://a.example' } })),
			textDelta(2, 'x'),
			completed(),
		])
		expect(message.content.slice(0, -1)).toEqual([
			{ type: 'server_tool_use', id: 'srvtoolu_ws_1', name: 'web_search', input: { query: 'a | b' } },
			{
				type: 'web_search_tool_result',
				tool_use_id: 'srvtoolu_ws_1',
				content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
			},
		])
		expect(message.usage).toMatchObject({ server_tool_use: { web_search_requests: 1 } })
	})

	test('items that no message has a block for are noted', () => {
		const { blocks } = readStream([done(0, { type: 'image_generation_call', result: 'x' }), completed()])
		expect(blocks.notes).toMatchObject([{ field: 'output', action: 'dropped' }])
	})
})
