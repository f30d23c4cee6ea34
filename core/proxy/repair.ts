import { addFact, describeFact, isSameFact, type LearnedFact } from '../config/learned-facts.ts'
import type { Note } from '../messages/notes.ts'
import type { Lesson, UpstreamFailure } from '../upstreams/contract.ts'
import type { RequestScope } from './request-scope.ts'

/**
 * Most repairs of one request. An old server may refuse one field after the other, each with a 400 of its own; more
 * rounds than this would be guessing.
 */
const maxRepairs = 4
/** Most facts that one refusal teaches: Gemini names every schema keyword at once. */
const maxLessons = 12

/** What one request learned from the refusals it met. */
export interface Repairs {
	/**
	 * Learns from a refusal and builds the request again. True when it is now another request, to be sent once more
	 * with the same key. Each fact is learned at most once per request, so this ends.
	 */
	repair(failure: UpstreamFailure): boolean
	/** The repaired request was taken: what it learned of the model is remembered. */
	worked(): void
}

/** What repairs touch of a request's scope. */
export interface RepairScope extends Pick<RequestScope, 'upstream' | 'call'> {
	services: Pick<RequestScope['services'], 'learnedFacts'>
}

export function createRepairs({ services, upstream, call }: RepairScope): Repairs {
	const learned: Lesson[] = []
	const notes: Note[] = []
	let rounds = 0

	function isNew({ fact }: Lesson): boolean {
		const known = call.facts.some(one => JSON.stringify(one) === JSON.stringify(fact))
		return !known && !learned.some(lesson => isSameFact(lesson.fact, fact))
	}

	return {
		repair(failure) {
			if (rounds >= maxRepairs || !mayTeach(failure)) return false
			const found = call.adapter.learn?.(failure, call.outgoing) ?? []
			const lessons = found.filter(isNew).slice(0, maxLessons)
			if (lessons.length === 0) return false
			rounds++
			learned.push(...lessons)
			call.facts = lessons.reduce<readonly LearnedFact[]>(
				(facts, { fact }) => addFact(facts, fact),
				call.facts,
			)
			const rebuilt = call.rebuild(call.facts)
			for (const { fact } of lessons) notes.push({ ...describeFact(fact), action: 'repaired' })
			call.outgoing = rebuilt.outgoing
			// The log and the answer's reader hold this very list.
			call.notes.splice(0, call.notes.length, ...rebuilt.notes, ...notes)
			return true
		},
		worked() {
			const facts = learned.filter(({ lasting }) => lasting).map(({ fact }) => fact)
			if (facts.length > 0) services.learnedFacts.remember(upstream.id, call.upstreamModel, facts)
		},
	}
}

/** Refusals of the request, and servers that answer 500 where they mean 400. */
function mayTeach(failure: UpstreamFailure): boolean {
	return failure.class === 'client' || (failure.class === 'server' && failure.status <= 501)
}
