import { expect, it } from 'vitest'
import { readEvent, textOfEvent } from './events.ts'

it('reads an event of a stream, with its name or without', () => {
	expect(readEvent('event: ping\ndata: {"type":"ping"}')).toEqual({ name: 'ping', data: { type: 'ping' } })
	expect(readEvent('data: [DONE]')).toEqual({ name: '', data: '[DONE]' })
	expect(readEvent('{"type":"message_stop"}')).toEqual({
		name: 'message_stop',
		data: { type: 'message_stop' },
	})
})

it.each([
	['Anthropic', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } }, 'Hi'],
	['OpenAI', { choices: [{ delta: { content: 'Hi' } }] }, 'Hi'],
	['Responses', { type: 'response.output_text.delta', delta: 'Hi' }, 'Hi'],
	['Gemini', { candidates: [{ content: { parts: [{ text: 'H' }, { text: 'i' }] } }] }, 'Hi'],
	['anything else', { type: 'ping' }, ''],
	['text', '[DONE]', ''],
])('takes the text out of an event of %s', (_name, data, text) => {
	expect(textOfEvent(data)).toBe(text)
})
