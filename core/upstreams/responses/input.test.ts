import { describe, expect, test } from 'vitest'
import { ask, convert } from '../../../test/support/responses-conversion.ts'
import { unsignedThinking, wrapSignature } from '../../messages/signatures.ts'
import { writeReasoningSignature } from './reasoning-signature.ts'
import type { InputItem } from './wire.ts'

const openAi = 'https://api.openai.com/v1'
const png = { type: 'base64', media_type: 'image/png', data: 'aWltYWdl' }
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'cGRm' }
const inputOf = (messages: unknown[], options = {}): InputItem[] => convert({ messages }, options).body.input
const use = (id: string, name = 'Read', input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content?: unknown, more = {}) => ({
	type: 'tool_result',
	tool_use_id: id,
	content,
	...more,
})
const said = (content: unknown) => ({ role: 'user', content })
const answered = (content: unknown) => ({ role: 'assistant', content })
const inputText = (text: string) => ({ type: 'input_text', text })
const user = (...content: unknown[]) => ({ type: 'message', role: 'user', content })
const assistant = (content: string) => ({ type: 'message', role: 'assistant', content })
const call = (id: string, name = 'Read', args = '{}') => ({
	type: 'function_call',
	call_id: id,
	name,
	arguments: args,
})
const output = (id: string, content: unknown) => ({
	type: 'function_call_output',
	call_id: id,
	output: content,
})

describe('user content', () => {
	test('a string and its text block give the same bytes', () => {
		expect(inputOf(ask([{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }]))).toEqual(
			inputOf(ask('hi')),
		)
	})

	test('texts, images and files are parts in their order; empty texts go', () => {
		const content = [
			{ type: 'text', text: 'see' },
			{ type: 'text', text: '' },
			{ type: 'image', source: png },
			{ type: 'image', source: { type: 'url', url: 'https://x.example/a.png' } },
			{ type: 'document', source: pdf, title: 'plan.pdf' },
			{ type: 'document', source: { type: 'url', url: 'https://x.example/a.pdf' } },
			{ type: 'document', source: { type: 'text', data: 'body' } },
		]
		expect(inputOf(ask(content))).toEqual([
			user(
				inputText('see'),
				{ type: 'input_image', image_url: 'data:image/png;base64,aWltYWdl', detail: 'auto' },
				{ type: 'input_image', image_url: 'https://x.example/a.png', detail: 'auto' },
				{ type: 'input_file', filename: 'plan.pdf', file_data: 'data:application/pdf;base64,cGRm' },
				{ type: 'input_file', file_url: 'https://x.example/a.pdf' },
				inputText('<document>\nbody\n</document>'),
			),
		])
	})

	test('what is stored at Anthropic cannot be sent: the model and the notes say so', () => {
		const { body, notes } = convert({
			messages: ask([{ type: 'image', source: { type: 'file', file_id: 'f' } }]),
		})
		expect(JSON.stringify(body.input)).toContain('could not be shown')
		expect(notes).toMatchObject([{ field: 'messages', action: 'replaced' }])
	})

	test('a request without any content is refused', () => {
		expect(() => convert({ messages: ask('') })).toThrow('no message has any content')
	})
})

describe('trap 14: calls and outputs', () => {
	test('outputs follow their message in call order, before the texts sent along', () => {
		const messages = [
			said('go'),
			answered([{ type: 'text', text: 'Let me see.' }, use('a'), use('b', 'Bash', { command: 'ls' })]),
			said([
				result('b', 'two'),
				{ type: 'text', text: 'and hurry' },
				result('a', [{ type: 'text', text: 'one' }]),
			]),
		]
		expect(inputOf(messages)).toEqual([
			user(inputText('go')),
			assistant('Let me see.'),
			call('a'),
			call('b', 'Bash', '{"command":"ls"}'),
			output('a', 'one'),
			output('b', 'two'),
			user(inputText('and hurry')),
		])
	})

	test('an unanswered call gets an output that says so; an orphaned result is text', () => {
		const { body, notes } = convert({
			messages: [said('go'), answered([use('a')]), said([result('gone', 'x')])],
		})
		expect(body.input.slice(1)).toEqual([
			call('a'),
			output('a', 'No result: this call was not carried out or its result was lost.'),
			user(inputText('Result of an earlier tool call (gone):'), inputText('x')),
		])
		expect(notes.map(note => note.field).sort()).toEqual(['messages.tool_result', 'messages.tool_use'])
	})

	test('an id used again in a later turn is made unique, since outputs find their call by it', () => {
		const turn = (text: string) => [answered([use('call_0')]), said([result('call_0', text)])]
		expect(inputOf([said('go'), ...turn('1'), ...turn('2')]).slice(1)).toEqual([
			call('call_0'),
			output('call_0', '1'),
			call('call_0_2'),
			output('call_0_2', '2'),
		])
	})

	test.each([
		[{ is_error: true }, 'failed', 'Error: failed'],
		[{ is_error: true }, 'Error: failed', 'Error: failed'],
		[{}, '', '(no output)'],
		[{}, [{ type: 'tool_reference', tool_name: 'X' }], 'The tool X is loaded and can be called.'],
	])('%j %j is %j', (flags, content, expected) => {
		const messages = [said('go'), answered([use('a')]), said([result('a', content, flags)])]
		expect(inputOf(messages)[2]).toEqual(output('a', expected))
	})
})

describe('trap 13: images and files of results', () => {
	const outputOf = (content: unknown, more = {}) =>
		inputOf([said('go'), answered([use('a')]), said([result('a', content, more)])])[2]
	const image = { type: 'input_image', image_url: 'data:image/png;base64,aWltYWdl', detail: 'auto' }

	test('stay in the output', () => {
		const content = [
			{ type: 'text', text: 'shot' },
			{ type: 'image', source: png },
			{ type: 'document', source: pdf },
		]
		expect(outputOf(content)).toEqual(
			output('a', [
				inputText('shot'),
				image,
				{ type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,cGRm' },
			]),
		)
	})

	test('and an error is said beside them', () => {
		const failed = { is_error: true }
		expect(outputOf([{ type: 'image', source: png }], failed)).toEqual(
			output('a', [inputText('Error:'), image]),
		)
		expect(
			outputOf(
				[
					{ type: 'text', text: 'bad' },
					{ type: 'image', source: png },
				],
				failed,
			),
		).toEqual(output('a', [inputText('Error: bad'), image]))
	})
})

describe('trap 11: role "system" inside messages', () => {
	const conversation = (content: unknown) => [said('go'), { role: 'system', content }, answered('yes')]

	test.each([
		[openAi, 'developer'],
		['https://x.openai.azure.com/openai/v1', 'developer'],
		['https://relay.example', 'system'],
	])('at %s is a message of the role %s in its place', (baseUrl, role) => {
		const expected = { type: 'message', role, content: [inputText('env')] }
		expect(inputOf(conversation('env'), { baseUrl })[1]).toEqual(expected)
		const blocks = [{ type: 'text', text: 'env', cache_control: { type: 'ephemeral' } }]
		expect(inputOf(conversation(blocks), { baseUrl })[1]).toEqual(expected)
	})

	test('between a call and its result goes after the result', () => {
		const messages = [
			said('go'),
			answered([use('a')]),
			{ role: 'system', content: 'env' },
			said([result('a', 'x')]),
		]
		expect(inputOf(messages).map(item => item.type)).toEqual([
			'message',
			'function_call',
			'function_call_output',
			'message',
		])
	})
})

describe('reasoning in history', () => {
	const own = (id: string, thinking = 'hm', encrypted = 'secret') => ({
		type: 'thinking',
		thinking,
		signature: writeReasoningSignature({ id, encrypted_content: encrypted }),
	})
	const item = (id: string, thinking = 'hm') => ({
		type: 'reasoning',
		id,
		summary: thinking === '' ? [] : [{ type: 'summary_text', text: thinking }],
		encrypted_content: 'secret',
	})
	const options = { model: 'gpt-5.2', baseUrl: openAi }
	const turn = (...blocks: object[]) => [said('go'), answered(blocks), said([result('a', 'x')])]

	test('goes back before the items it led to, each at its place', () => {
		const messages = turn(own('rs_1'), { type: 'text', text: 'Look.' }, own('rs_2', ''), use('a'))
		expect(inputOf(messages, options).slice(1)).toEqual([
			item('rs_1'),
			assistant('Look.'),
			item('rs_2', ''),
			call('a'),
			output('a', 'x'),
		])
	})

	test('that led to nothing is left out: alone it is a 400', () => {
		const { body, notes } = convert({ messages: turn(use('a'), own('rs_1')) }, options)
		expect(body.input.map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call_output'])
		expect(notes).toMatchObject([{ field: 'messages.thinking', action: 'dropped' }])
	})

	test('of one id goes once', () => {
		const sent = inputOf([...turn(own('rs_1'), use('a')), answered([own('rs_1'), use('b')])], options)
		expect(sent.filter(({ type }) => type === 'reasoning')).toHaveLength(1)
	})

	test('trap 8: of other makers, redacted, unsigned or broken is left out', () => {
		const foreign = [
			{ type: 'thinking', thinking: 'hm', signature: 'EqQBCkYIBRgC' },
			{ type: 'thinking', thinking: 'hm', signature: wrapSignature('gemini', 'abc') },
			{ type: 'thinking', thinking: 'hm', signature: unsignedThinking },
			{ type: 'thinking', thinking: 'hm', signature: wrapSignature('responses', '%%%') },
			{ type: 'thinking', thinking: 'hm', signature: wrapSignature('responses', 'e30') },
			{ type: 'thinking', thinking: 'hm', signature: null },
			{ type: 'redacted_thinking', data: 'x' },
		]
		const { body, notes } = convert({ messages: turn(...foreign, use('a')) }, options)
		expect(body.input.slice(1)).toEqual([call('a'), output('a', 'x')])
		expect(notes).toMatchObject([{ field: 'messages.thinking', action: 'dropped' }])
	})

	test.each([
		['gpt-4o', openAi, 0],
		['gpt-4o', 'https://relay.example', 0],
		['gpt-5.2', 'https://relay.example', 1],
		['some-model', 'https://relay.example', 1],
		['some-model', openAi, 0],
	])('%s at %s takes %i of it back', (model, baseUrl, count) => {
		const sent = inputOf(turn(own('rs_1'), use('a')), { model, baseUrl })
		expect(sent.filter(({ type }) => type === 'reasoning')).toHaveLength(count)
	})

	test('without a secret, the text itself goes back, except to OpenAI', () => {
		const open = { type: 'thinking', thinking: 'aloud', signature: writeReasoningSignature({ id: 'rs_1' }) }
		const messages = turn(open, use('a'))
		expect(inputOf(messages, { model: 'gpt-oss-120b', baseUrl: 'http://localhost:8000' })[1]).toEqual({
			type: 'reasoning',
			id: 'rs_1',
			summary: [],
			content: [{ type: 'reasoning_text', text: 'aloud' }],
		})
		expect(inputOf(messages, options)[1]).toEqual(call('a'))
	})
})

test('newer models of OpenAI are told which texts calls followed', () => {
	const text = (content: string) => ({ type: 'text', text: content })
	const messages = [
		said('go'),
		answered([text('Let me see.'), use('a'), text('and')]),
		said([result('a', 'x')]),
		answered('Done.'),
		said('ok'),
	]
	const phases = (options: object) =>
		inputOf(messages, options).flatMap(item =>
			item.type === 'message' && 'phase' in item ? [item.phase] : [],
		)
	expect(phases({ model: 'gpt-5.4', baseUrl: openAi })).toEqual([
		'commentary',
		'final_answer',
		'final_answer',
	])
	expect(phases({ model: 'gpt-5.2', baseUrl: openAi })).toEqual([])
	expect(phases({ model: 'gpt-5.4' })).toEqual([])
})

test('searches of this type go back as items, those of others as text', () => {
	const search = (id: string) => [
		{ type: 'server_tool_use', id, name: 'web_search', input: { query: 'q' } },
		{ type: 'web_search_tool_result', tool_use_id: id, content: [] },
	]
	const own = [...search('srvtoolu_ws_1'), { type: 'text', text: 'Rain.' }]
	expect(inputOf([said('go'), answered(own), said('ok')]).slice(1, 3)).toEqual([
		{ type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
		assistant('Rain.'),
	])
	const [, foreign] = inputOf([said('go'), answered(search('srvtoolu_01')), said('ok')])
	expect(foreign).toMatchObject({ role: 'assistant', content: expect.stringContaining('[server_tool_use]') })
})

describe('trap 15: input of calls in history', () => {
	test.each([
		[null, '{}'],
		['', '{}'],
		['{"a":1}', '{"a":1}'],
		['{"a":', '{"_raw":"{\\"a\\":"}'],
	])('%j is sent as %s', (input, expected) => {
		const messages = [said('go'), answered([use('a', 'Read', input)]), said([result('a', 'x')])]
		expect(inputOf(messages)[1]).toMatchObject({ arguments: expected })
	})
})

test('a trailing assistant message stays, with a note', () => {
	const { body, notes } = convert({ messages: [said('go'), answered('{')] })
	expect(body.input.at(-1)).toEqual(assistant('{'))
	expect(notes).toMatchObject([{ field: 'messages', action: 'replaced' }])
})

test('trap 6: a turn begins with the bytes of the turn before it', () => {
	const first = [
		said([{ type: 'text', text: 'go', cache_control: { type: 'ephemeral' } }]),
		{ role: 'system', content: [{ type: 'text', text: 'env' }] },
	]
	const later = [
		said('go'),
		{ role: 'system', content: 'env' },
		answered([use('a')]),
		said([result('a', 'x')]),
	]
	const before = inputOf(first)
	expect(inputOf(later).slice(0, before.length)).toEqual(before)
})
