import { describe, expect, test } from 'vitest'
import { ask, convert } from '../../../test/support/openai-conversion.ts'
import type { ChatMessage } from './wire.ts'

const png = { type: 'base64', media_type: 'image/png', data: 'aWltYWdl' }
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'cGRm' }
const messagesOf = (messages: unknown[], options = {}): ChatMessage[] =>
	convert({ messages }, options).body.messages
const use = (id: string, name = 'Read', input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content?: unknown, more = {}) => ({
	type: 'tool_result',
	tool_use_id: id,
	content,
	...more,
})
const call = (id: string, name = 'Read', args = '{}') => ({
	id,
	type: 'function',
	function: { name, arguments: args },
})
const user = (content: unknown) => ({ role: 'user', content })
const assistant = (content: unknown) => ({ role: 'assistant', content })
const tool = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })

describe('user content', () => {
	test('a string and its text block give the same bytes', () => {
		expect(messagesOf(ask([{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }]))).toEqual(
			messagesOf(ask('hi')),
		)
	})

	test('texts are joined, images stay parts in their order, empty texts go', () => {
		expect(
			messagesOf(
				ask([
					{ type: 'text', text: 'a' },
					{ type: 'text', text: '' },
					{ type: 'text', text: 'b' },
				]),
			),
		).toEqual([user('a\n\nb')])
		const content = [
			{ type: 'text', text: 'see' },
			{ type: 'image', source: png },
			{ type: 'image', source: { type: 'url', url: 'https://x.example/a.png' } },
		]
		expect(messagesOf(ask(content))).toEqual([
			user([
				{ type: 'text', text: 'see' },
				{ type: 'image_url', image_url: { url: 'data:image/png;base64,aWltYWdl' } },
				{ type: 'image_url', image_url: { url: 'https://x.example/a.png' } },
			]),
		])
	})

	test('a PDF is a file; where files are unknown the model and the notes say so', () => {
		const content = [{ type: 'document', source: pdf, title: 'plan.pdf' }]
		expect(messagesOf(ask(content))).toEqual([
			user([{ type: 'file', file: { filename: 'plan.pdf', file_data: 'data:application/pdf;base64,cGRm' } }]),
		])
		const old = convert({ messages: ask(content) }, { dialect: 'openaiold' })
		expect(old.body.messages).toEqual([
			user(
				'Document: plan.pdf\n\n[The document that belongs here could not be shown: it is a file of type application/pdf.]',
			),
		])
		expect(old.notes).toMatchObject([{ field: 'messages', action: 'replaced' }])
	})

	test.each([
		[{ type: 'text', media_type: 'text/plain', data: 'body' }, '<document title="T">\nbody\n</document>'],
		[{ type: 'base64', media_type: 'text/plain', data: 'w7xi' }, '<document title="T">\nüb\n</document>'],
		[{ type: 'content', content: 'body' }, '<document title="T">\nbody\n</document>'],
		[
			{ type: 'url', url: 'https://x.example/d' },
			'Document: T\n\n[The document that belongs here could not be shown: it is a document at https://x.example/d.]',
		],
		[
			{ type: 'file', file_id: 'f' },
			'Document: T\n\n[The document that belongs here could not be shown: it is an uploaded file.]',
		],
	])('a document from %j is text', (source, expected) => {
		expect(messagesOf(ask([{ type: 'document', title: 'T', source }]))).toEqual([user(expected)])
	})

	test('a document of texts and images keeps both', () => {
		const source = {
			type: 'content',
			content: [
				{ type: 'text', text: 'fig' },
				{ type: 'image', source: png },
			],
		}
		expect(messagesOf(ask([{ type: 'document', title: 'T', context: 'C', source }]))).toEqual([
			user([
				{ type: 'text', text: 'Document: T' },
				{ type: 'text', text: 'C' },
				{ type: 'text', text: 'fig' },
				{ type: 'image_url', image_url: { url: 'data:image/png;base64,aWltYWdl' } },
			]),
		])
	})

	test('search results and blocks of server tools become text', () => {
		const found = {
			type: 'search_result',
			source: 'https://x.example',
			title: 'X',
			content: [{ type: 'text', text: 'one' }],
		}
		const searched = { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } }
		expect(messagesOf(ask([found]))).toEqual([user('Search result: X (https://x.example)\none')])
		expect(messagesOf([user('hi'), assistant([searched]), user('so?')])[1]).toEqual(
			assistant('[server_tool_use] {"id":"s1","name":"web_search","input":{"query":"q"}}'),
		)
	})

	test('messages without any content are left out, and a request of only such is refused', () => {
		expect(messagesOf([user('a'), assistant([{ type: 'text', text: ' ' }]), user('b')])).toEqual([
			user('a'),
			user('b'),
		])
		expect(() => convert({ messages: ask('') })).toThrow('no message has any content')
	})
})

describe('trap 14: calls and results', () => {
	test('results follow their message in call order, before the texts sent along', () => {
		const messages = [
			user('go'),
			assistant([{ type: 'text', text: 'Let me see.' }, use('a'), use('b', 'Bash', { command: 'ls' })]),
			user([
				result('b', 'two'),
				{ type: 'text', text: 'and hurry' },
				result('a', [{ type: 'text', text: 'one' }]),
			]),
		]
		expect(messagesOf(messages)).toEqual([
			user('go'),
			{
				role: 'assistant',
				content: 'Let me see.',
				tool_calls: [call('a'), call('b', 'Bash', '{"command":"ls"}')],
			},
			tool('a', 'one'),
			tool('b', 'two'),
			user('and hurry'),
		])
	})

	test('results spread over messages and behind another call are found', () => {
		const messages = [
			user('go'),
			assistant([use('a')]),
			assistant([use('b')]),
			user([result('b', '2')]),
			user([result('a', '1')]),
		]
		expect(messagesOf(messages)).toEqual([
			user('go'),
			{ role: 'assistant', content: null, tool_calls: [call('a')] },
			tool('a', '1'),
			{ role: 'assistant', content: null, tool_calls: [call('b')] },
			tool('b', '2'),
		])
	})

	test('an unanswered call gets a result that says so', () => {
		const { body, notes } = convert({
			messages: [user('go'), assistant([use('a'), use('b')]), user([result('b', 'x')])],
		})
		expect(body.messages.slice(2)).toEqual([
			tool('a', 'No result: this call was not carried out or its result was lost.'),
			tool('b', 'x'),
		])
		expect(notes).toMatchObject([{ field: 'messages.tool_use', action: 'repaired' }])
	})

	test('an orphaned result is text of the user', () => {
		const { body, notes } = convert({ messages: [user([result('gone', 'x', { is_error: true })])] })
		expect(body.messages).toEqual([user('Error: Result of an earlier tool call (gone):\n\nx')])
		expect(notes).toMatchObject([{ field: 'messages.tool_result', action: 'replaced' }])
	})

	test('a result sent twice counts once; another one for the same call is kept as text', () => {
		const messages = [
			user('go'),
			assistant([use('a')]),
			user([result('a', 'x'), result('a', 'x'), result('a', 'y')]),
		]
		expect(messagesOf(messages).slice(2)).toEqual([
			tool('a', 'x'),
			user('Result of an earlier tool call (a):\n\ny'),
		])
	})

	test('one id for two calls of a message: both keep their result', () => {
		const messages = [
			user('go'),
			assistant([use('a'), use('a', 'Bash')]),
			user([result('a', '1'), result('a', '2')]),
		]
		expect(messagesOf(messages).slice(1)).toEqual([
			{ role: 'assistant', content: null, tool_calls: [call('a'), call('a_2', 'Bash')] },
			tool('a', '1'),
			tool('a_2', '2'),
		])
	})

	test('an id used again in a later turn belongs to the later call', () => {
		const turn = (text: string) => [assistant([use('call_0')]), user([result('call_0', text)])]
		expect(
			messagesOf([user('go'), ...turn('1'), ...turn('2')]).filter(message => message.role === 'tool'),
		).toEqual([tool('call_0', '1'), tool('call_0', '2')])
	})

	test('ids longer than 40 characters are shortened alike in call and result', () => {
		const id = `toolu_${'x'.repeat(60)}`
		const [, message, answer] = messagesOf([user('go'), assistant([use(id)]), user([result(id, 'x')])])
		const sent = message?.role === 'assistant' ? message.tool_calls?.[0]?.id : undefined
		expect(sent).toMatch(/^toolu_x{25}_[0-9a-f]{8}$/)
		expect(answer).toEqual(tool(String(sent), 'x'))
	})

	test.each([
		[{ is_error: true }, 'failed', 'Error: failed'],
		[{ is_error: true }, 'Error: failed', 'Error: failed'],
		[{ is_error: true }, '<tool_use_error>failed', '<tool_use_error>failed'],
		[{ is_error: true }, undefined, 'Error: (no output)'],
		[{ is_error: false }, 'fine', 'fine'],
		[{}, '', '(no output)'],
		[{}, [], '(no output)'],
	])('%j %j is %j', (flags, content, expected) => {
		const messages = [user('go'), assistant([use('a')]), user([result('a', content, flags)])]
		expect(messagesOf(messages)[2]).toEqual(tool('a', expected))
	})

	test('a result of tool references says which tools are there', () => {
		const references = [
			{ type: 'tool_reference', tool_name: 'WebFetch' },
			{ type: 'tool_reference', tool_name: 'Monitor' },
		]
		const messages = [user('go'), assistant([use('a', 'ToolSearch')]), user([result('a', references)])]
		expect(messagesOf(messages)[2]).toEqual(
			tool(
				'a',
				'The tool WebFetch is loaded and can be called.\nThe tool Monitor is loaded and can be called.',
			),
		)
	})
})

test('trap 13: images and files of results go into one user message after all tool messages', () => {
	const messages = [
		user('go'),
		assistant([use('a'), use('b', 'Shot'), use('c', 'Bash')]),
		user([
			result('c', 'done'),
			result('b', [
				{ type: 'text', text: 'shot' },
				{ type: 'image', source: png },
			]),
			result('a', [{ type: 'document', source: pdf }]),
			{ type: 'text', text: 'next' },
		]),
	]
	expect(messagesOf(messages).slice(2)).toEqual([
		tool('a', '[file: see the next message]'),
		tool('b', 'shot\n[image: see the next message]'),
		tool('c', 'done'),
		user([
			{ type: 'text', text: 'Files from the result of Read (a):' },
			{ type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,cGRm' } },
			{ type: 'text', text: 'Files from the result of Shot (b):' },
			{ type: 'image_url', image_url: { url: 'data:image/png;base64,aWltYWdl' } },
		]),
		user('next'),
	])
})

describe('trap 11: role "system" inside messages', () => {
	const conversation = (content: unknown) => [user('go'), { role: 'system', content }, assistant('yes')]

	test('is a reminder of the user at its position, the same for string and blocks', () => {
		const expected = [user('go'), user('<system-reminder>\nenv\n</system-reminder>'), assistant('yes')]
		expect(messagesOf(conversation('env'))).toEqual(expected)
		const blocks = [{ type: 'text', text: 'env', cache_control: { type: 'ephemeral' } }]
		expect(messagesOf(conversation(blocks))).toEqual(expected)
	})

	test('is a developer message at OpenAI itself, for the new type only', () => {
		const baseUrl = 'https://api.openai.com'
		expect(messagesOf(conversation('env'), { baseUrl })[1]).toEqual({ role: 'developer', content: 'env' })
		expect(messagesOf(conversation('env'), { baseUrl, dialect: 'openaiold' })[1]?.role).toBe('user')
	})

	test('between a call and its result goes after the result', () => {
		const messages = [
			user('go'),
			assistant([use('a')]),
			{ role: 'system', content: 'env' },
			user([result('a', 'x')]),
		]
		expect(messagesOf(messages).map(message => message.role)).toEqual(['user', 'assistant', 'tool', 'user'])
	})
})

describe('trap 10: thinking in history', () => {
	const history = [
		user('go'),
		assistant([{ type: 'thinking', thinking: 'hm', signature: 's' }, use('a')]),
		user([result('a', 'x')]),
		assistant([use('b')]),
		user([result('b', 'x')]),
		assistant('plain'),
		user('on'),
	]
	const reasoningOf = (options: object) =>
		messagesOf(history, options).flatMap(message =>
			message.role === 'assistant' ? [message.reasoning_content] : [],
		)

	test.each([
		{ baseUrl: 'https://api.deepseek.com' },
		{ baseUrl: 'https://api.moonshot.cn/v1' },
		{ model: 'kimi-k2-thinking' },
		{ model: 'deepseek/deepseek-v4-pro', baseUrl: 'https://openrouter.ai/api/v1' },
		{ model: 'GLM-4.7' },
	])('goes back as reasoning_content to %j, a blank where a call has none', options => {
		expect(reasoningOf(options)).toEqual(['hm', ' ', undefined])
	})

	const groq = { baseUrl: 'https://api.groq.com/openai/v1', model: 'moonshotai/kimi-k2-instruct' }
	test.each([{}, { baseUrl: 'https://api.openai.com/v1' }, { model: 'gpt-4o' }, groq])(
		'is left out for %j',
		options => {
			expect(reasoningOf(options)).toEqual([undefined, undefined, undefined])
			expect(convert({ messages: history }, options).notes).toEqual([])
		},
	)
})

describe('trap 15: input of calls in history', () => {
	test.each([
		[{}, '{}'],
		[null, '{}'],
		['', '{}'],
		[' ', '{}'],
		['{"a":1}', '{"a":1}'],
		['{"a":', '{"_raw":"{\\"a\\":"}'],
		['[1]', '{"_raw":"[1]"}'],
	])('%j is sent as %s', (input, expected) => {
		const [, message] = messagesOf([
			user('go'),
			assistant([use('a', 'Read', input)]),
			user([result('a', 'x')]),
		])
		expect(message).toMatchObject({ tool_calls: [{ function: { arguments: expected } }] })
	})
})

test('texts that citations split are one sentence again', () => {
	const cited = [
		{ type: 'text', text: 'It rains ' },
		{ type: 'text', text: 'in Oslo', citations: [{ type: 'char_location' }] },
		{ type: 'text', text: '.' },
		{ type: 'text', text: 'Take care.' },
	]
	expect(messagesOf([user('go'), assistant(cited), user('ok')])[1]).toEqual(
		assistant('It rains in Oslo.\n\nTake care.'),
	)
})

test('a trailing assistant message stays, with a note', () => {
	const { body, notes } = convert({ messages: [user('go'), assistant('{')] })
	expect(body.messages.at(-1)).toEqual(assistant('{'))
	expect(notes).toMatchObject([{ field: 'messages', action: 'replaced' }])
})

test('trap 6: a turn begins with the bytes of the turn before it', () => {
	const system = (nonce: string) => [
		{ type: 'text', text: `x-anthropic-billing-header: cc_version=2.1; cch=${nonce};` },
		{ type: 'text', text: 'You are.', cache_control: { type: 'ephemeral' } },
	]
	const first = [
		user([{ type: 'text', text: 'go', cache_control: { type: 'ephemeral' } }]),
		{ role: 'system', content: [{ type: 'text', text: 'env' }] },
	]
	const later = [
		user('go'),
		{ role: 'system', content: 'env' },
		assistant([use('a')]),
		user([result('a', 'x')]),
	]
	const before = convert({ system: system('1'), messages: first }).body.messages
	const after = convert({ system: system('2'), messages: later }).body.messages
	expect(after.slice(0, before.length)).toEqual(before)
	expect(before[0]).toEqual({ role: 'system', content: 'You are.' })
})
