import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { takeUnusedId } from '../shared/call-ids.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
import { asNumber } from '../shared/json-values.ts'
import { writeThoughtSignature } from './thought-signature.ts'

/** One call while its fragments arrive. */
interface OpenCall {
	key: number
	/** The upstream's index and id; both may be missing. */
	index: number | undefined
	id: string
	name: string
	/** All arguments so far. */
	json: string
	/** They are an empty input that has not been sent: see `write`. */
	isHeld: boolean
}

/**
 * Puts fragments of tool calls together. OpenAI names a call by index, sends id and name once and the arguments in
 * pieces. Others leave out the index or the id, send them again with every piece, number all calls 0, or send the
 * arguments as an object.
 */
export interface ToolCallReader {
	read(fragment: unknown): void
	/** The calls of a whole message: each entry is one, whatever its id. */
	readWhole(calls: readonly unknown[]): void
	/** The old single `function_call`. */
	readFunctionCall(call: unknown): void
	/** Whether the arguments of every call are complete. */
	isWhole(): boolean
	/** Tells of calls that never got a name: no client could run them. */
	end(): void
}

export function createToolCallReader(blocks: BlockWriter, context: ResponseContext): ToolCallReader {
	const calls: OpenCall[] = []

	const open = (index: number | undefined, id: string): OpenCall => {
		const last = calls.at(-1)
		if (last) release(last)
		const call: OpenCall = { key: calls.length, index, id, name: '', json: '', isHeld: false }
		calls.push(call)
		return call
	}
	const release = (call: OpenCall) => {
		if (call.isHeld) blocks.toolJson(call.key, call.json)
		call.isHeld = false
	}
	const write = (call: OpenCall, id: string, name: string, json: string, extra: unknown) => {
		if (call.id === '') call.id = id
		if (call.name === '' && name !== '') {
			call.name = name
			// Before the call that it belongs to; empty for all but Gemini.
			blocks.signature(writeThoughtSignature(extra))
			const unused = takeUnusedId(call.id, context, blocks)
			blocks.toolStart(call.key, unused, context.toolNames.get(name) ?? name)
			if (call.json !== '' && !call.isHeld) blocks.toolJson(call.key, call.json)
		}
		if (json === '' || isRepeat(call.json, json)) return
		// Relays of Claude begin with its empty input and send the real one after it: BerriAI/litellm#4537. Held back
		// for ever it does no harm: a call without arguments has these.
		const isFirst = call.json === ''
		if (call.isHeld) call.json = ''
		call.isHeld = isFirst && json === '{}'
		call.json += json
		if (call.name !== '' && !call.isHeld) blocks.toolJson(call.key, json)
	}
	const read = (fragment: unknown, isWhole = false) => {
		if (!isRecord(fragment)) return
		const called = isRecord(fragment.function) ? fragment.function : fragment
		const index = readIndex(fragment.index)
		const id = typeof fragment.id === 'string' ? fragment.id : ''
		const name = typeof called.name === 'string' ? called.name : ''
		const json = readArguments(called.arguments)
		const known = isWhole ? undefined : findCall(calls, index, id, name, json)
		write(known ?? open(index, id), id, name, json, fragment.extra_content)
	}
	return {
		read: fragment => read(fragment),
		readWhole(list) {
			// After fragments, a message repeats what they said.
			const isFirst = calls.length === 0
			for (const call of list) read(call, isFirst)
		},
		readFunctionCall(call) {
			if (isRecord(call)) read({ index: -1, function: call })
		},
		isWhole: () => calls.every(call => call.json.trim() === '' || parseJson(call.json) !== undefined),
		end() {
			for (const call of calls) {
				if (call.name !== '') continue
				blocks.note({ field: 'tool_calls', action: 'dropped', detail: 'a tool call without a name' })
			}
		},
	}
}

/** The call that a fragment continues; undefined when it begins a new one. */
function findCall(
	calls: readonly OpenCall[],
	index: number | undefined,
	id: string,
	name: string,
	json: string,
): OpenCall | undefined {
	const known = id === '' ? undefined : calls.findLast(call => call.id === id)
	const candidate = known && (index === undefined || known.index === index) ? known : lastCall(calls, index)
	if (!candidate) return index === undefined ? undefined : known?.index === undefined ? known : undefined
	if (candidate === known || candidate.name === '' || name === '') return candidate
	// A name again. With another id or name it is another call; otherwise only if the one at hand is complete.
	if ((id !== '' && candidate.id !== '') || name !== candidate.name) return undefined
	return json !== '' && isObject(candidate.json) ? undefined : candidate
}

/** The last call of all, or of this index. */
function lastCall(calls: readonly OpenCall[], index: number | undefined): OpenCall | undefined {
	return index === undefined ? calls.at(-1) : calls.findLast(call => call.index === index)
}

/** A number, which some relays send as text. */
function readIndex(value: unknown): number | undefined {
	const index = asNumber(value)
	return Number.isNaN(index) ? undefined : index
}

/** Some relays close with the whole arguments once more. */
function isRepeat(sent: string, json: string): boolean {
	return sent.length === json.length && json.startsWith('{') && json.endsWith('}') && sent === json
}

function isObject(json: string): boolean {
	return json.endsWith('}') && parseJson(json) !== undefined
}

function readArguments(value: unknown): string {
	if (typeof value === 'string') return value
	return isRecord(value) ? JSON.stringify(value) : ''
}
