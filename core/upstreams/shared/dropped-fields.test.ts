import { expect, test } from 'vitest'
import type { Note } from '../../messages/notes.ts'
import { messageRequestSchema } from '../../messages/request.ts'
import { noteDroppedFields } from './dropped-fields.ts'

function notedFields(changes: object): string[] {
	const notes: Note[] = []
	const base = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }
	noteDroppedFields(messageRequestSchema.parse({ ...base, ...changes }), notes)
	return notes.map(({ field }) => field)
}

test.each([
	[{ mcp_servers: [{ type: 'url', url: 'https://x', name: 'x' }] }, ['mcp_servers']],
	[{ container: 'c_1' }, ['container']],
	[{ service_tier: 'standard_only' }, ['service_tier']],
	[{ context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }, ['context_management']],
	[{ compaction: { summarize: true } }, ['compaction']],
	[{ fallbacks: [{ model: 'other' }] }, ['fallbacks']],
	[{ output_config: { task_budget: { tokens: 1 } } }, ['output_config.task_budget']],
	[{ speed: 'fast', inference_geo: 'eu', next_month: {} }, ['speed', 'inference_geo', 'next_month']],
	[
		{
			messages: [
				{ role: 'user', content: 'x', output_config: { effort: 'low' } },
				{ role: 'user', content: 'y' },
			],
		},
		['messages.output_config'],
	],
	[{ messages: [{ role: 'system', content: [{ type: 'tool_addition', tool: {} }] }] }, ['messages.content']],
])('%j is noted', (changes, fields) => {
	expect(notedFields(changes)).toEqual(fields)
})

test('what asks for nothing leaves no note', () => {
	const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }]
	expect(
		notedFields({
			mcp_servers: [],
			container: null,
			service_tier: 'auto',
			context_management: { edits },
			fallbacks: [],
		}),
	).toEqual([])
})
