import type { BlockWriter } from '../../messages/block-writer.ts'
import type { RequestMessage } from '../../messages/request.ts'
import type { ResponseContext } from '../contract.ts'

/** The ids of the calls in a history; undefined where there are none. */
export function listCallIds(messages: readonly RequestMessage[]): ReadonlySet<string> | undefined {
	const ids = new Set<string>()
	for (const { content, role } of messages) {
		if (role !== 'assistant' || typeof content === 'string') continue
		for (const block of content) if (block.type === 'tool_use') ids.add(block.id)
	}
	return ids.size === 0 ? undefined : ids
}

/**
 * The id for a call of an answer: the upstream's, or one like it where an earlier turn has had it. Some number the
 * calls of each answer anew (`call_0`, `tool_0_read`, `functions.read:0`), and Claude Code, which knows results by ids
 * alone, then takes a new call for the old one and never comes to an end.
 * Source: NVIDIA-NeMo/Switchyard#502, OpenRouterTeam/ai-sdk-provider#48.
 */
export function toUnusedId(id: string, { usedIds }: ResponseContext): string {
	if (!usedIds?.has(id)) return id
	for (let count = 2; ; count++) {
		const candidate = `${id}_${count}`
		if (!usedIds.has(candidate)) return candidate
	}
}

/** The same, with a note where the upstream's id was taken. */
export function takeUnusedId(id: string, context: ResponseContext, blocks: BlockWriter): string {
	const unused = toUnusedId(id, context)
	if (unused !== id) {
		const detail = 'the id of a call of an earlier turn was used again'
		blocks.note({ field: 'tool_calls.id', action: 'repaired', detail })
	}
	return unused
}
