import { describe, expect, test } from 'vitest'
import { toModelEntry } from '../messages/models.ts'
import { chooseListedModel, chooseMappedModel } from './probe-model.ts'
import { readAnsweredModel } from './probe-watch.ts'

describe('chooseMappedModel', () => {
	test.each([
		[{ opus: 'big', haiku: 'small' }, 'small'],
		[{ opus: 'big', sonnet: 'middle' }, 'middle'],
		[{ opus: 'big' }, 'big'],
		[{ 'claude-*': 'any' }, 'any'],
		[{ 'gpt-4': 'other' }, 'other'],
		[{}, undefined],
	])('%j gives %s', (modelMap, expected) => {
		expect(chooseMappedModel(modelMap)).toBe(expected)
	})
})

describe('chooseListedModel', () => {
	test.each([
		[['claude-opus-4-5', 'claude-haiku-4-5', 'claude-sonnet-4-5'], 'claude-haiku-4-5'],
		[['dall-e-2', 'text-embedding-3-small', 'gpt-4o', 'gpt-4o-mini-tts', 'gpt-4o-mini'], 'gpt-4o-mini'],
		[
			['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-2.5-flash-image'],
			'gemini-2.5-flash-lite',
		],
		[['kimi-k2-thinking', 'kimi-k2'], 'kimi-k2-thinking'],
		[['MiniMax-M2.1', 'MiniMax-M2'], 'MiniMax-M2.1'],
		[['whisper-1'], 'whisper-1'],
		[[], undefined],
	])('%j gives %s', (ids, expected) => {
		expect(chooseListedModel(ids.map(id => toModelEntry({ id })))).toBe(expected)
	})
})

describe('readAnsweredModel', () => {
	test.each([
		['{"model":"a","choices":[]}', 'a'],
		['[{"modelVersion":"b"}]', 'b'],
		['event: message_start\ndata: {"type":"message_start","message":{"model":"c"}}\n\n', 'c'],
		[': hello\r\n\r\ndata:{"type":"ping"}\r\n\r\ndata: {"response":{"model":"d"}}\r\n\r\n', 'd'],
		['data: {"choices":[]}\n\ndata: {"model":"e"}\n\ndata: {"model":"cut', 'e'],
		['<html>"model":"x"</html>', null],
		['', null],
		['null', null],
		['{"model":5}', null],
	])('%j names %s', (text, expected) => {
		expect(readAnsweredModel(text)).toBe(expected)
	})
})
