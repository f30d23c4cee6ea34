import { expect, it } from 'vitest'
import { emptyDraft } from './draft.ts'
import { type Body, fromBody, toBody } from './request-body.ts'

const hello = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

it.each<[string, Body]>([
	['plain text', hello],
	['a stream with a system prompt', { ...hello, stream: true, system: 'Be brief.', temperature: 0.5 }],
	[
		'blocks, and what belongs to them',
		{
			...hello,
			system: [{ type: 'text', text: 'Long.', cache_control: { type: 'ephemeral' } }],
			messages: [
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'What is this?', cache_control: { type: 'ephemeral' } },
						{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
						{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
					],
				},
				{ role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'get', input: { a: 1 } }] },
				{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'done' }] },
			],
		},
	],
	['a budget to think', { ...hello, thinking: { type: 'enabled', budget_tokens: 1500 } }],
	['adaptive thinking and its display', { ...hello, thinking: { type: 'adaptive', display: 'omitted' } }],
	['thinking of a kind that comes later', { ...hello, thinking: { type: 'interleaved' } }],
	[
		'tools and fields without a place in the form',
		{ ...hello, tools: [{ name: 'get', input_schema: {} }], tool_choice: { type: 'any' }, top_k: 4 },
	],
	['a message that is none', { ...hello, messages: [{ role: 'user', content: { odd: true } }] }],
])('keeps %s on the way through the form', (_, body) => {
	const draft = fromBody(body)
	const back = toBody(draft)
	if (_ === 'a message that is none')
		expect(back.messages).toEqual([{ role: 'user', content: [{ odd: true }] }])
	else expect(back).toEqual(body)
})

it('leaves out what is empty', () => {
	const draft = emptyDraft()
	expect(Object.keys(toBody({ ...draft, stream: false })).sort()).toEqual(['max_tokens', 'messages', 'model'])
})
