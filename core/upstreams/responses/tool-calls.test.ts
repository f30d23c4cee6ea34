import { describe, expect, test } from 'vitest'
import {
	added,
	call,
	completed,
	done,
	event,
	jsonDelta,
	readStream,
	readWithSdk,
	textDelta,
} from '../../../test/support/responses-conversion.ts'

const messageOf = async (events: readonly unknown[]) => readWithSdk(readStream(events).events)
const contentOf = async (events: readonly unknown[]) => (await messageOf([...events, completed()])).content
const tool = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input })

describe('trap 1: calls', () => {
	test('that arrive interleaved become blocks of their own, in order, numbered by us', async () => {
		const { events } = readStream([
			added(3, call('Read', '', 'call_a')),
			added(7, call('Bash', '', 'call_b')),
			jsonDelta(3, '{"file":'),
			jsonDelta(7, '{"c'),
			jsonDelta(3, '"x"}'),
			jsonDelta(7, '":1}'),
			done(7, call('Bash', '{"c":1}', 'call_b')),
			done(3, call('Read', '{"file":"x"}', 'call_a')),
			completed(),
		])
		const message = await readWithSdk(events)
		expect(message.content).toEqual([tool('call_a', 'Read', { file: 'x' }), tool('call_b', 'Bash', { c: 1 })])
		expect(message.stop_reason).toBe('tool_use')
		expect(events.flatMap(one => (one.type === 'content_block_start' ? [one.index] : []))).toEqual([0, 1])
	})

	test.each<[string, unknown[]]>([
		['with deltas only', [added(0, call('Read', '')), jsonDelta(0, '{"n":'), jsonDelta(0, '1}')]],
		[
			'with `done` only',
			[added(0, call('Read', '')), event('function_call_arguments.done', 0, { arguments: '{"n":1}' })],
		],
		['with the item only', [done(0, call('Read', '{"n":1}'))]],
		['never announced', [jsonDelta(0, '{"n":1}'), done(0, call('Read', '{"n":1}'))]],
		[
			'with the arguments in the announcement too',
			[added(0, call('Read', '{"n":1}')), done(0, call('Read', '{"n":1}'))],
		],
		['in the final response only', [textDelta(5, ''), completed({ output: [call('Read', '{"n":1}')] })]],
		['with arguments as an object', [done(0, call('Read', { n: 1 }))]],
		['told twice', [done(0, call('Read', '{"n":1}')), done(0, call('Read', '{"n":1}'))]],
		[
			'with ids that change from event to event',
			[
				added(0, { ...call('Read', ''), id: 'x1' }),
				{ ...jsonDelta(0, '{"n":'), item_id: 'x2' },
				{ ...jsonDelta(0, '1}'), item_id: 'x3' },
				done(0, { ...call('Read', '{"n":1}'), id: 'x4' }),
			],
		],
		[
			'without index or id',
			[
				{ type: 'response.output_item.added', item: call('Read', '') },
				{ type: 'response.function_call_arguments.delta', delta: '{"n":1}' },
			],
		],
	])('%s', async (_case, events) => {
		expect(await contentOf(events)).toEqual([tool('call_a', 'Read', { n: 1 })])
	})

	test('all numbered 0 are told apart by their ids', async () => {
		const at0 = (make: typeof added, id: string, item: Record<string, unknown>) => make(0, { ...item, id })
		const content = await contentOf([
			at0(added, 'x', call('Read', '', 'a')),
			{ ...jsonDelta(0, '{"n":1}'), item_id: 'x' },
			at0(done, 'x', call('Read', '{"n":1}', 'a')),
			at0(added, 'y', call('Read', '', 'b')),
			{ ...jsonDelta(0, '{"n":2}'), item_id: 'y' },
			at0(done, 'y', call('Read', '{"n":2}', 'b')),
		])
		expect(content).toEqual([tool('a', 'Read', { n: 1 }), tool('b', 'Read', { n: 2 })])
	})

	test('all numbered 0 and never announced are all kept', async () => {
		const content = await contentOf([
			done(0, { ...call('Read', '{"n":1}', 'a'), id: 'x' }),
			done(0, { ...call('Read', '{"n":2}', 'b'), id: 'y' }),
			{ type: 'response.output_text.delta', output_index: 0, delta: 'and text' },
		])
		expect(content).toEqual([
			tool('a', 'Read', { n: 1 }),
			tool('b', 'Read', { n: 2 }),
			{ type: 'text', text: 'and text' },
		])
	})

	test('trap 15: without arguments have an empty object', async () => {
		expect(await contentOf([added(0, call('List', '')), done(0, call('List', ''))])).toEqual([
			tool('call_a', 'List', {}),
		])
	})

	test('trap 16: with a shortened name get the client’s back', async () => {
		const { events } = readStream([done(0, call('mcp_short', '{}')), completed()], {
			toolNames: new Map([['mcp_short', 'mcp__long']]),
		})
		expect((await readWithSdk(events)).content).toMatchObject([{ name: 'mcp__long' }])
	})

	test('without a name are noted, and nothing else is lost', async () => {
		const { events, blocks } = readStream([textDelta(0, 'ok'), jsonDelta(1, '{}'), completed()])
		expect(await readWithSdk(events)).toMatchObject({ content: [{ text: 'ok' }], stop_reason: 'end_turn' })
		expect(blocks.notes).toMatchObject([{ field: 'output', action: 'dropped' }])
	})

	test('with one id twice are both kept', async () => {
		const content = await contentOf([done(0, call('Read', '{"n":1}')), done(1, call('Read', '{"n":2}'))])
		expect(content).toEqual([tool('call_a', 'Read', { n: 1 }), tool('toolu_made_1', 'Read', { n: 2 })])
	})
})
