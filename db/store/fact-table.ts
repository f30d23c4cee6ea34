import { addFact, isSameFact, type LearnedFact } from '../../core/config/learned-facts.ts'
import type { StoredFact } from '../repositories/learned-facts.ts'

export type FactNews = Pick<StoredFact, 'upstreamId' | 'model' | 'fact' | 'expiresAt'>

const NO_FACTS: readonly LearnedFact[] = []

/** Facts in memory, looked up by every request. */
export class FactTable {
	#facts = new Map<string, readonly FactNews[]>()

	load(facts: readonly FactNews[]): void {
		this.#facts = new Map()
		for (const fact of facts) this.add(fact)
	}

	/** Replaces the fact of its identity; the same news twice changes nothing. */
	add(news: FactNews): void {
		const key = keyOf(news.upstreamId, news.model)
		const others = (this.#facts.get(key) ?? []).filter(known => !isSameFact(known.fact, news.fact))
		this.#facts.set(key, [...others, news])
	}

	/** @param now by the database's clock: a table may be older than its facts live */
	of(upstreamId: string, model: string, now: number): readonly LearnedFact[] {
		const known = this.#facts.get(keyOf(upstreamId, model))
		if (known === undefined) return NO_FACTS
		const holding = known.filter(({ expiresAt }) => expiresAt > now)
		return holding.reduce((facts, { fact }) => addFact(facts, fact), NO_FACTS)
	}
}

const keyOf = (upstreamId: string, model: string) => `${upstreamId}\n${model}`
