import type { StreamEvent } from '../../core/messages/events.ts'
import { parseJson } from '../../core/upstreams/shared/failure.ts'

interface GatheredBlock {
	text: string
	thinking: string
	signature: string
	citations?: unknown[]
}

/** Gathers events with plain code of the test's own, not with the accumulator that the JSON answer uses. */
export function gather(events: readonly StreamEvent[]): unknown {
	const blocks: Record<string, unknown>[] = []
	const json: string[] = []
	let end = {}
	for (const event of events) {
		if (event.type === 'content_block_start') blocks.push({ ...event.content_block })
		if (event.type === 'content_block_delta') {
			const block = blocks[event.index] as unknown as GatheredBlock
			if (event.delta.type === 'text_delta') block.text += event.delta.text
			if (event.delta.type === 'thinking_delta') block.thinking += event.delta.thinking
			if (event.delta.type === 'signature_delta') block.signature = event.delta.signature
			if (event.delta.type === 'citations_delta') {
				block.citations = [...(block.citations ?? []), event.delta.citation]
			}
			if (event.delta.type === 'input_json_delta') {
				json[event.index] = (json[event.index] ?? '') + event.delta.partial_json
			}
		}
		if (event.type === 'message_delta') end = { ...event.delta, usage: event.usage }
	}
	const content = blocks.map((block, index) =>
		json[index] ? { ...block, input: JSON.parse(json[index]) } : block,
	)
	return { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-5-5', content, ...end }
}

/** Arguments that are no JSON have been streamed already when that shows; the SDK throws on them. */
export function hasWholeInputs(events: readonly StreamEvent[]): boolean {
	const json = new Map<number, string>()
	for (const event of events) {
		if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') continue
		json.set(event.index, (json.get(event.index) ?? '') + event.delta.partial_json)
	}
	return [...json.values()].every(text => parseJson(text) !== undefined)
}

/** The first rule of Anthropic's stream that the events break; empty when none. */
export function findFault(events: readonly StreamEvent[]): string {
	let open = -1
	let next = 0
	const last = events.at(-1)?.type
	if (last !== 'message_stop' && last !== 'error') return `ends with ${last}`
	if (last === 'message_stop' && events[0]?.type !== 'message_start')
		return 'does not begin with message_start'
	for (const [position, event] of events.entries()) {
		if (event.type === 'message_start' && position !== 0) return 'message_start in the middle'
		if (event.type === 'content_block_start') {
			if (open !== -1 || event.index !== next)
				return `start of ${event.index} with ${open} open, ${next} next`
			open = next++
		} else if (event.type === 'content_block_delta' && event.index !== open) return `delta for ${event.index}`
		else if (event.type === 'content_block_stop') {
			if (event.index !== open) return `stop of ${event.index}`
			open = -1
		} else if (event.type === 'message_delta' && (open !== -1 || position !== events.length - 2)) {
			return 'message_delta too early'
		} else if ((event.type === 'message_stop' || event.type === 'error') && position !== events.length - 1) {
			return `${event.type} in the middle`
		}
	}
	return open === -1 ? '' : 'a block was left open'
}
