import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { createAccumulator } from './accumulator.ts'
import { type BlockWriter, createBlockWriter } from './block-writer.ts'
import type { EventOutput, StreamEvent } from './events.ts'
import { unsignedThinking } from './signatures.ts'

/** Gathers events, the hot deltas included, as a client would read them. */
function record(): { output: EventOutput; events: StreamEvent[] } {
	const events: StreamEvent[] = []
	const add = (index: number, delta: object) =>
		void events.push({ type: 'content_block_delta', index, delta } as StreamEvent)
	const output: EventOutput = {
		event: event => void events.push(structuredClone(event)),
		textDelta: (index, text) => add(index, { type: 'text_delta', text }),
		thinkingDelta: (index, thinking) => add(index, { type: 'thinking_delta', thinking }),
		jsonDelta: (index, partial_json) => add(index, { type: 'input_json_delta', partial_json }),
	}
	return { output, events }
}

function write(run: (blocks: BlockWriter) => void) {
	const { output, events } = record()
	let id = 0
	const blocks = createBlockWriter(output, {
		messageId: 'msg_1',
		model: 'm',
		inputTokens: 9,
		newToolId: () => `toolu_new${++id}`,
	})
	run(blocks)
	const gathered = createAccumulator()
	for (const event of events) gathered.event(event)
	return { events, blocks, types: events.map(describeEvent), message: gathered.message }
}

function describeEvent(event: StreamEvent): string {
	if (event.type === 'content_block_start') return `${event.index} start ${event.content_block.type}`
	if (event.type === 'content_block_delta') return `${event.index} ${event.delta.type}`
	if (event.type === 'content_block_stop') return `${event.index} stop`
	return event.type
}

/** What the Messages API allows: https://docs.anthropic.com/en/api/messages-streaming */
function expectLegal(events: StreamEvent[]): void {
	let open: number | undefined
	let next = 0
	let state: 'before' | 'message' | 'closing' | 'over' = 'before'
	for (const event of events) {
		expect(state, `${event.type} after the end`).not.toBe('over')
		if (event.type === 'message_start') {
			expect(state).toBe('before')
			state = 'message'
		} else if (event.type === 'error') {
			expect(open).toBeUndefined()
			state = 'over'
		} else if (event.type === 'content_block_start') {
			expect([state, open, event.index]).toEqual(['message', undefined, next])
			open = next++
		} else if (event.type === 'content_block_delta') expect(event.index).toBe(open)
		else if (event.type === 'content_block_stop') {
			expect(event.index).toBe(open)
			open = undefined
		} else if (event.type === 'message_delta') {
			expect([state, open]).toEqual(['message', undefined])
			state = 'closing'
		} else if (event.type === 'message_stop') {
			expect(state).toBe('closing')
			state = 'over'
		}
	}
}

describe('createBlockWriter', () => {
	test('text that waited for a call which never became whole follows it', () => {
		const { events, message } = write(blocks => {
			blocks.toolStart(0, 'call_a', 'get')
			blocks.toolJson(0, '{"a":')
			blocks.text('Let me see.')
			blocks.finish('tool_use')
			blocks.end()
		})
		expectLegal(events)
		expect(message?.content).toEqual([
			{ type: 'tool_use', id: 'call_a', name: 'get', input: { _raw: '{"a":' } },
			{ type: 'text', text: 'Let me see.' },
		])
	})

	test('a whole block of a call counts as a call', () => {
		const { message } = write(blocks => {
			blocks.block({ type: 'tool_use', id: 'call_a', name: 'get', input: {} })
			blocks.finish('end_turn')
			blocks.end()
		})
		expect(message?.stop_reason).toBe('tool_use')
	})

	test('trap 1: blocks of each kind get their own index, one open at a time', () => {
		const { types, events } = write(blocks => {
			blocks.thinking('hm')
			blocks.signature('sig')
			blocks.text('Hel')
			blocks.text('lo')
			blocks.toolStart(0, 'call_a', 'get')
			blocks.toolJson(0, '{"a":1}')
			blocks.finish('tool_use')
			blocks.end()
		})
		expect(types).toEqual([
			'message_start',
			...['0 start thinking', '0 thinking_delta', '0 signature_delta', '0 stop'],
			...['1 start text', '1 text_delta', '1 text_delta', '1 stop'],
			...['2 start tool_use', '2 input_json_delta', '2 stop'],
			...['message_delta', 'message_stop'],
		])
		expectLegal(events)
	})

	test('trap 28: start blocks have the fields that strict clients want', () => {
		const { events } = write(blocks => {
			blocks.thinking('a')
			blocks.text('b')
			blocks.toolStart(0, 'c', 'd')
			blocks.finish('tool_use')
			blocks.end()
		})
		const starts = events.flatMap(event =>
			event.type === 'content_block_start' ? [event.content_block] : [],
		)
		expect(starts).toEqual([
			{ type: 'thinking', thinking: '', signature: '' },
			{ type: 'text', text: '' },
			{ type: 'tool_use', id: 'c', name: 'd', input: {} },
		])
		expect(events[0]).toEqual({
			type: 'message_start',
			message: {
				...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [] },
				...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 9, output_tokens: 0 } },
			},
		})
	})

	test('trap 1: of interleaved parallel calls the first streams, the others follow in order', () => {
		const { message, types } = write(blocks => {
			blocks.toolStart(0, 'a', 'one')
			blocks.toolStart(1, 'b', 'two')
			blocks.toolJson(1, '{"x":')
			blocks.toolJson(0, '{"y":')
			blocks.toolJson(1, '2}')
			blocks.toolJson(0, '1}')
			blocks.finish('tool_use')
			blocks.end()
		})
		expect(message?.content).toEqual([
			{ type: 'tool_use', id: 'a', name: 'one', input: { y: 1 } },
			{ type: 'tool_use', id: 'b', name: 'two', input: { x: 2 } },
		])
		expect(types.slice(1, 5)).toEqual([
			'0 start tool_use',
			'0 input_json_delta',
			'0 input_json_delta',
			'0 stop',
		])
	})

	test('a call whose arguments are whole makes room for the next at once', () => {
		const { events } = write(blocks => {
			blocks.toolStart(0, 'a', 'one')
			blocks.toolJson(0, '{}')
			blocks.toolStart(1, 'b', 'two')
			blocks.toolJson(1, '{"x"')
		})
		expect(events.map(describeEvent).slice(-3)).toEqual(['0 stop', '1 start tool_use', '1 input_json_delta'])
	})

	test('trap 15: a call without arguments streams an empty object', () => {
		for (const fragments of [[], [''], [' ', '\n']]) {
			const { message, events } = write(blocks => {
				blocks.toolStart(0, 'a', 'list')
				for (const fragment of fragments) blocks.toolJson(0, fragment)
				blocks.finish('tool_use')
				blocks.end()
			})
			expect(message?.content).toEqual([{ type: 'tool_use', id: 'a', name: 'list', input: {} }])
			const json = events.flatMap(event =>
				event.type === 'content_block_delta' && event.delta.type === 'input_json_delta'
					? [event.delta.partial_json]
					: [],
			)
			expect(JSON.parse(json.join(''))).toEqual({})
		}
	})

	test('two calls with one id, or none, get ids of their own', () => {
		const { message, blocks } = write(blocks => {
			for (const key of [0, 1, 2]) {
				blocks.toolStart(key, key === 2 ? '' : 'same', 'x')
				blocks.toolJson(key, '{}')
			}
			blocks.finish('tool_use')
			blocks.end()
		})
		const ids = message?.content.map(block => (block.type === 'tool_use' ? block.id : ''))
		expect(ids).toEqual(['same', 'toolu_new1', 'toolu_new2'])
		expect(blocks.notes).toHaveLength(1)
	})

	test('text that comes between the fragments of a call is kept until the call is whole', () => {
		const { message } = write(blocks => {
			blocks.toolStart(0, 'a', 'one')
			blocks.toolJson(0, '{"y":')
			blocks.text('meanwhile')
			blocks.toolJson(0, '1}')
			blocks.finish('tool_use')
			blocks.end()
		})
		expect(message?.content).toEqual([
			{ type: 'tool_use', id: 'a', name: 'one', input: { y: 1 } },
			{ type: 'text', text: 'meanwhile' },
		])
	})

	test('a message never ends with thinking after its text: clients would take it for empty', () => {
		const { message, blocks } = write(blocks => {
			blocks.text('answer')
			blocks.thinking('afterthought')
			blocks.signature('s')
			blocks.finish('end_turn')
			blocks.end()
		})
		expect(message?.content).toEqual([{ type: 'text', text: 'answer' }])
		expect(blocks.notes.map(({ action }) => action)).toEqual(['dropped', 'dropped'])
	})

	test('thinking between two texts stays where it was', () => {
		const { message } = write(blocks => {
			blocks.text('one')
			blocks.thinking('hm')
			blocks.text('two')
			blocks.finish('end_turn')
			blocks.end()
		})
		expect(message?.content).toEqual([
			{ type: 'text', text: 'one' },
			{ type: 'thinking', thinking: 'hm', signature: unsignedThinking },
			{ type: 'text', text: 'two' },
		])
	})

	test.each([
		['end_turn', true, 'tool_use'],
		['stop_sequence', true, 'tool_use'],
		['tool_use', false, 'end_turn'],
		['max_tokens', true, 'max_tokens'],
		['refusal', true, 'refusal'],
		['end_turn', false, 'end_turn'],
	] as const)('trap 2: reason %s with calls %s is reported as %s', (reason, calls, expected) => {
		const { message } = write(blocks => {
			blocks.text('x')
			if (calls) blocks.toolStart(0, 'a', 'b')
			blocks.finish(reason)
			blocks.end()
		})
		expect(message?.stop_reason).toBe(expected)
	})

	test('a stop sequence is reported with its reason only', () => {
		const stopped = write(blocks => {
			blocks.text('x')
			blocks.finish('stop_sequence', 'END')
			blocks.end()
		})
		expect(stopped.message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' })
	})

	test('trap 3: a waiting call that the token limit cut off is left out; one that was streamed stays', () => {
		const { message, blocks } = write(blocks => {
			blocks.toolStart(0, 'a', 'one')
			blocks.toolJson(0, '{"y":')
			blocks.toolStart(1, 'b', 'two')
			blocks.toolJson(1, '{"x')
			blocks.finish('max_tokens')
			blocks.end()
		})
		expect(message?.stop_reason).toBe('max_tokens')
		expect(message?.content.map(block => (block.type === 'tool_use' ? block.name : ''))).toEqual(['one'])
		expect(blocks.notes).toHaveLength(1)
	})

	test('trap 4: the message ends with the counts the upstream told last; nulls wipe nothing', () => {
		const { message } = write(blocks => {
			blocks.text('x')
			blocks.finish('end_turn')
			blocks.usage({ input_tokens: 5, output_tokens: 2, cache_read_input_tokens: 3 })
			blocks.usage({ output_tokens: 7, input_tokens: null as never })
			blocks.end()
		})
		expect(message?.usage).toEqual({ input_tokens: 5, output_tokens: 7, cache_read_input_tokens: 3 })
	})

	test('trap 19: an answer that ends early fails, and no message_stop hides it', () => {
		const { types, blocks } = write(blocks => {
			blocks.text('half')
			blocks.end()
		})
		expect(types).toEqual(['message_start', '0 start text', '0 text_delta', '0 stop', 'error'])
		expect(blocks.failure?.type).toBe('api_error')
	})

	test('what the upstream said of a failure is kept and not sent', () => {
		const source = { json: { error: { code: 429, details: ['theirs'] } }, status: 429 }
		const { events, blocks } = write(blocks => {
			blocks.fail({ type: 'rate_limit_error', message: 'slow' }, source)
		})
		expect(events).toEqual([{ type: 'error', error: { type: 'rate_limit_error', message: 'slow' } }])
		expect(blocks.failureSource).toBe(source)
	})

	test('after a failure nothing is written', () => {
		const { types } = write(blocks => {
			blocks.text('x')
			blocks.fail({ type: 'overloaded_error', message: 'busy' })
			blocks.text('y')
			blocks.toolStart(0, 'a', 'b')
			blocks.finish('end_turn')
			blocks.end()
			blocks.fail({ type: 'api_error', message: 'again' })
		})
		expect(types.slice(3)).toEqual(['0 stop', 'error'])
	})

	test('content begins with the first thing a reader would see', () => {
		write(blocks => {
			blocks.start()
			blocks.usage({ input_tokens: 1 })
			blocks.text('')
			blocks.thinking('')
			expect(blocks.hasContent).toBe(false)
			blocks.thinking('x')
			expect(blocks.hasContent).toBe(true)
		})
	})

	test('whatever an upstream says in whatever order, the events are legal', () => {
		const key = fc.integer({ min: 0, max: 2 })
		const some = fc.constantFrom('', 'a', '{"k":', '1}', '{}', ' ')
		const call = fc.oneof(
			fc.record({
				method: fc.constantFrom('text', 'thinking', 'signature', 'redactedThinking'),
				value: some,
			}),
			fc.record({ method: fc.constant('toolStart'), key, value: some }),
			fc.record({ method: fc.constant('toolJson'), key, value: some }),
			fc.record({ method: fc.constant('toolStop'), key }),
			fc.record({ method: fc.constant('citation') }),
			fc.record({ method: fc.constantFrom('finish', 'end', 'start') }),
		)
		fc.assert(
			fc.property(fc.array(call, { maxLength: 30 }), fc.boolean(), (calls, fails) => {
				const { events } = write(blocks => {
					for (const each of calls) apply(blocks, each)
					if (fails) blocks.fail({ type: 'api_error', message: 'x' })
					else blocks.end()
				})
				expectLegal(events)
				expect(['message_stop', 'error']).toContain(events.at(-1)?.type)
			}),
			{ numRuns: 500 },
		)
	})
})

function apply(blocks: BlockWriter, call: { method: string; key?: number; value?: string }): void {
	const { method, key = 0, value = '' } = call
	if (method === 'toolStart') blocks.toolStart(key, value, 'name')
	else if (method === 'toolJson') blocks.toolJson(key, value)
	else if (method === 'toolStop') blocks.toolStop(key)
	else if (method === 'finish') blocks.finish('end_turn')
	else if (method === 'end' || method === 'start') blocks[method]()
	else if (method === 'citation') blocks.citation({ type: 'web_search_result_location' })
	else blocks[method as 'text'](value)
}
