/** The candidate that a mistyped word most likely means; undefined when none is close. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
	const typed = word.toLowerCase()
	const ranked = candidates
		.map(candidate => ({ candidate, distance: rank(typed, candidate.toLowerCase()) }))
		.sort((a, b) => a.distance - b.distance)
	const best = ranked[0]
	if (best === undefined) return undefined
	const limit = Math.max(1, Math.floor(Math.min(word.length, 40) / 3))
	return best.distance <= limit ? best.candidate : undefined
}

/** A word that is part of another is nearer than any misspelling. */
function rank(typed: string, candidate: string): number {
	const contained = typed.length >= 3 && (candidate.includes(typed) || typed.includes(candidate))
	return contained ? 0.5 : measureDistance(typed.slice(0, 100), candidate.slice(0, 100))
}

/** Edits from one word to the other; two neighbours swapped count once (optimal string alignment). */
function measureDistance(from: string, to: string): number {
	let beforePrevious: number[] = []
	let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
	for (let i = 1; i <= from.length; i++) {
		const row = [i]
		for (let j = 1; j <= to.length; j++) {
			const same = from[i - 1] === to[j - 1]
			let distance = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
			const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
			if (swapped) distance = Math.min(distance, beforePrevious[j - 2]! + 1)
			row.push(distance)
		}
		beforePrevious = previous
		previous = row
	}
	return previous[to.length]!
}
