import { describe, expect, test } from 'vitest'
import {
	callDelta,
	completion,
	delta,
	readAnswer,
	readStream,
	readWithSdk,
} from '../../../test/support/openai-conversion.ts'
import type { OutputBlock } from '../../messages/events.ts'

const done = '[DONE]'
const content = async (chunks: readonly unknown[]) => (await readWithSdk(readStream(chunks).events)).content

describe('trap 1: tool calls that arrive interleaved', () => {
	test('become blocks of their own, in order, with whole arguments', async () => {
		const chunks = [
			delta({ content: 'Both.' }),
			callDelta({ index: 0, id: 'call_a', type: 'function', function: { name: 'Read', arguments: '' } }),
			callDelta({ index: 1, id: 'call_b', type: 'function', function: { name: 'Bash', arguments: '{"c' } }),
			callDelta({ index: 0, function: { arguments: '{"file":' } }),
			callDelta({ index: 1, function: { arguments: '":1}' } }),
			callDelta({ index: 0, function: { arguments: '"x"}' } }),
			delta({}, 'tool_calls'),
			done,
		]
		const message = await readWithSdk(readStream(chunks).events)
		expect(message.stop_reason).toBe('tool_use')
		expect(message.content).toEqual([
			{ type: 'text', text: 'Both.' },
			{ type: 'tool_use', id: 'call_a', name: 'Read', input: { file: 'x' } },
			{ type: 'tool_use', id: 'call_b', name: 'Bash', input: { c: 1 } },
		])
	})
})

describe('tool calls of upstreams that name them badly', () => {
	const tool = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input })

	test.each<[string, object[], OutputBlock[]]>([
		[
			'all with index 0 and ids of their own',
			[
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":1}' } },
				{ index: 0, id: 'b', function: { name: 'Read', arguments: '{"n":2}' } },
			],
			[tool('a', 'Read', { n: 1 }), tool('b', 'Read', { n: 2 })] as OutputBlock[],
		],
		[
			'an empty input before the real one (BerriAI/litellm#4537), and calls that have no other',
			[
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{}' } },
				{ index: 0, function: { arguments: '{"n"' } },
				{ index: 0, function: { arguments: ':1}' } },
				{ index: 1, function: { name: 'List', arguments: '{}' } },
				{ index: 1, function: { name: 'List', arguments: '{}' } },
				{ index: 2, id: 'c', function: { arguments: '{}' } },
				{ index: 2, id: 'c', function: { name: 'Bash', arguments: '' } },
				{ index: 2, id: 'c', function: { arguments: '{"n":2}' } },
			],
			[
				tool('a', 'Read', { n: 1 }),
				tool('toolu_made_1', 'List', {}),
				tool('toolu_made_2', 'List', {}),
				tool('c', 'Bash', { n: 2 }),
			] as OutputBlock[],
		],
		[
			'all with index 0, the first without arguments',
			[
				{ index: 0, id: 'a', function: { name: 'List', arguments: '' } },
				{ index: 0, id: 'b', function: { name: 'List', arguments: '{"n":2}' } },
			],
			[tool('a', 'List', {}), tool('b', 'List', { n: 2 })] as OutputBlock[],
		],
		[
			'all with index 0 and without ids',
			[
				{ index: 0, function: { name: 'Read', arguments: '{"n":1}' } },
				{ index: 0, function: { name: 'Read', arguments: '{"n":2}' } },
			],
			[tool('toolu_made_1', 'Read', { n: 1 }), tool('toolu_made_2', 'Read', { n: 2 })] as OutputBlock[],
		],
		[
			'all with index 0 and without ids or arguments, but with names of their own',
			[
				{ index: 0, function: { name: 'List', arguments: '' } },
				{ index: 0, function: { name: 'Read', arguments: '{"n":' } },
				{ index: 0, function: { arguments: '2}' } },
			],
			[tool('toolu_made_1', 'List', {}), tool('toolu_made_2', 'Read', { n: 2 })] as OutputBlock[],
		],
		[
			'all with index 0, side by side, with their ids in every fragment',
			[
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":' } },
				{ index: 0, id: 'b', function: { name: 'Bash', arguments: '{"n":' } },
				{ index: 0, id: 'a', function: { arguments: '1}' } },
				{ index: 0, id: 'b', function: { arguments: '2}' } },
			],
			[tool('a', 'Read', { n: 1 }), tool('b', 'Bash', { n: 2 })] as OutputBlock[],
		],
		[
			'with the index as a text',
			[
				{ index: '0', id: 'a', function: { name: 'Read', arguments: '' } },
				{ index: '1', id: 'b', function: { name: 'Bash', arguments: '' } },
				{ index: '0', function: { arguments: '{"n":1}' } },
				{ index: '1', function: { arguments: '{"n":2}' } },
			],
			[tool('a', 'Read', { n: 1 }), tool('b', 'Bash', { n: 2 })] as OutputBlock[],
		],
		[
			'without index',
			[
				{ id: 'a', function: { name: 'Read', arguments: '{"n":' } },
				{ id: 'a', function: { arguments: '1}' } },
				{ id: 'b', function: { name: 'Bash', arguments: '{"n"' } },
				{ function: { arguments: ':2}' } },
			],
			[tool('a', 'Read', { n: 1 }), tool('b', 'Bash', { n: 2 })] as OutputBlock[],
		],
		[
			'with id and name in every fragment',
			[
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '' } },
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":' } },
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '1}' } },
			],
			[tool('a', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'with the name in every fragment and no id',
			[
				{ index: 0, function: { name: 'Read', arguments: '{"n":' } },
				{ index: 0, function: { name: 'Read', arguments: '1}' } },
			],
			[tool('toolu_made_1', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'with the name after the arguments began',
			[
				{ index: 0, id: 'a', function: { arguments: '{"n":' } },
				{ index: 0, function: { name: 'Read', arguments: '1}' } },
			],
			[tool('a', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'with the id only in a later fragment, null before',
			[
				{ index: 0, id: null, function: { name: null, arguments: null } },
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":1}' } },
			],
			[tool('a', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'with arguments as an object',
			[{ index: 0, id: 'a', function: { name: 'Read', arguments: { n: 1 } } }],
			[tool('a', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'with the whole arguments once more at the end',
			[
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":1}' } },
				{ index: 0, id: 'a', function: { arguments: '{"n":1}' } },
			],
			[tool('a', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'two calls with one id: both are kept',
			[
				{ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":1}' } },
				{ index: 1, id: 'a', function: { name: 'Read', arguments: '{"n":2}' } },
			],
			[tool('a', 'Read', { n: 1 }), tool('toolu_made_1', 'Read', { n: 2 })] as OutputBlock[],
		],
	])('%s', async (_case, fragments, expected) => {
		const chunks = [...fragments.map(callDelta), delta({}, 'tool_calls'), done]
		expect(await content(chunks)).toEqual(expected)
	})

	test.each<[string, object[], OutputBlock[]]>([
		[
			'two with one id',
			[
				{ id: 'a', function: { name: 'Read', arguments: '{"n":1}' } },
				{ id: 'a', function: { name: 'Read', arguments: '{"n":1}' } },
			],
			[tool('a', 'Read', { n: 1 }), tool('toolu_made_1', 'Read', { n: 1 })] as OutputBlock[],
		],
		[
			'all numbered 0, without ids, the first broken',
			[
				{ index: 0, function: { name: 'Read', arguments: '{"n":' } },
				{ index: 0, function: { name: 'Read', arguments: '' } },
				{ index: 0, function: { name: 'Read', arguments: '{"n":2}' } },
			],
			[
				tool('toolu_made_1', 'Read', { _raw: '{"n":' }),
				tool('toolu_made_2', 'Read', {}),
				tool('toolu_made_3', 'Read', { n: 2 }),
			] as OutputBlock[],
		],
	])('the calls of a whole message are one each: %s', (_case, calls, expected) => {
		expect(readAnswer(completion({ tool_calls: calls }, 'tool_calls')).message?.content).toEqual(expected)
	})

	test('a message after the fragments repeats their calls', async () => {
		const call = { index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":1}' } }
		const chunks = [callDelta(call), completion({ tool_calls: [call] }, 'tool_calls'), done]
		expect(await content(chunks)).toEqual([tool('a', 'Read', { n: 1 })])
	})

	test('the old function_call', async () => {
		const chunks = [
			delta({ function_call: { name: 'Read', arguments: '{"n"' } }),
			delta({ function_call: { arguments: ':1}' } }),
			delta({}, 'function_call'),
			done,
		]
		expect(await content(chunks)).toEqual([tool('toolu_made_1', 'Read', { n: 1 })])
	})

	test('a call that never gets a name is noted, and nothing else is lost', async () => {
		const { events, blocks } = readStream([
			delta({ content: 'ok' }),
			callDelta({ index: 0, id: 'a', function: { arguments: '{}' } }),
			delta({}, 'tool_calls'),
			done,
		])
		expect(await readWithSdk(events)).toMatchObject({ content: [{ text: 'ok' }], stop_reason: 'end_turn' })
		expect(blocks.notes).toEqual([
			{ field: 'tool_calls', action: 'dropped', detail: 'a tool call without a name' },
		])
	})
})

describe('trap 3: cut off calls', () => {
	const half = callDelta({ index: 0, id: 'a', function: { name: 'Write', arguments: '{"text":"abc' } })

	test('length wins over the call', () => {
		const { events } = readStream([half, delta({}, 'length'), done])
		expect(events.at(-2)).toMatchObject({ type: 'message_delta', delta: { stop_reason: 'max_tokens' } })
	})

	test('[DONE] without a reason does not make half a call whole', () => {
		expect(readStream([half, done]).events.at(-1)).toMatchObject({ type: 'error' })
	})

	test('the end of the connection without a reason is an error, not a success', () => {
		const { events } = readStream([half])
		expect(events.map(event => event.type)).toEqual([
			'message_start',
			'content_block_start',
			'content_block_delta',
			'content_block_stop',
			'error',
		])
	})
})

describe('trap 15: calls without arguments', () => {
	test.each(['', null, undefined, ' ', '{}'])('arguments %j are an empty object', async args => {
		const call = callDelta({ index: 0, id: 'a', function: { name: 'List', arguments: args } })
		const { events } = readStream([call, delta({}, 'tool_calls'), done])
		expect((await readWithSdk(events)).content).toEqual([
			{ type: 'tool_use', id: 'a', name: 'List', input: {} },
		])
		const whole = completion({ tool_calls: [{ id: 'a', function: { name: 'List', arguments: args } }] })
		expect(readAnswer(whole).message?.content).toEqual([
			{ type: 'tool_use', id: 'a', name: 'List', input: {} },
		])
	})
})

test('trap 16: shortened tool names come back as the client gave them', async () => {
	const call = callDelta({ index: 0, id: 'a', function: { name: 'mcp_short', arguments: '{}' } })
	const { events } = readStream([call, delta({}, 'tool_calls')], {
		toolNames: new Map([['mcp_short', 'mcp__long']]),
	})
	expect((await readWithSdk(events)).content).toMatchObject([{ name: 'mcp__long' }])
})
