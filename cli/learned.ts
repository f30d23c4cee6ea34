import { describeFact } from '../core/config/learned-facts.ts'
import type { StoredFact } from '../db/index.ts'
import { toOneLine } from './ui/clean-text.ts'

/** What was learned of one upstream, as `--json` prints it. */
export function viewLearned(facts: readonly StoredFact[], upstreamId: string) {
	return facts
		.filter(fact => fact.upstreamId === upstreamId)
		.map(({ model, fact, learnedAt, expiresAt }) => ({
			...{ model, fact, detail: describeFact(fact).detail },
			...{ learnedAt, expiresAt },
		}))
}

const DAY_MS = 24 * 3_600_000

/** `qwen-max: the upstream wants max_tokens (6 days left)`; model names come from clients. */
export function describeLearned(learned: ReturnType<typeof viewLearned>, now: number): string[] {
	return learned.map(({ model, detail, expiresAt }) => {
		const days = Math.ceil((expiresAt - now) / DAY_MS)
		return toOneLine(`${model}: ${detail} (${days} ${days === 1 ? 'day' : 'days'} left)`)
	})
}
