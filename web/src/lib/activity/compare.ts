/** How a number of one period stands to that of the period before. */
export type Comparison = { kind: 'same' | 'newly'; share?: never } | { kind: 'more' | 'less'; share: number }

/** Differences below half a per cent are none. */
export function compareNumbers(now: number, before: number): Comparison {
	if (before === 0) return { kind: now === 0 ? 'same' : 'newly' }
	const share = (now - before) / before
	if (Math.abs(share) < 0.005) return { kind: 'same' }
	return { kind: share > 0 ? 'more' : 'less', share: Math.abs(share) }
}
