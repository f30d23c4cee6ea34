import type { UpstreamInput } from '../core/config/upstream.ts'
import { type ConfigUpstream, isDatabaseError } from '../db/index.ts'
import type { ConfigSession } from './config-session.ts'
import { findUpstream } from './find-upstream.ts'

const conflictTries = 20

/**
 * Changes an upstream. What a map becomes depends on what it is: then the change (`merges`) holds for the state that
 * was read, or is worked out anew.
 */
export async function changeUpstream(
	{ repository, read }: ConfigSession,
	word: string,
	options: { merges: boolean; toPatch(upstream: ConfigUpstream): Partial<UpstreamInput> },
): Promise<{ id: string; before: number; revision: number }> {
	const { merges, toPatch } = options
	for (let tries = 1; ; tries++) {
		const config = await read()
		const upstream = findUpstream(config, word)
		const meta = { author: 'cli' as const, ...(merges ? { expectedRevision: config.revision } : {}) }
		try {
			const { revision } = await repository.updateUpstream(upstream.id, toPatch(upstream), meta)
			return { id: upstream.id, before: config.revision, revision }
		} catch (error) {
			if (!merges || tries >= conflictTries || !isDatabaseError(error, 'conflict')) throw error
		}
	}
}
