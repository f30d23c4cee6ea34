const hour = 3_600_000
const day = 24 * hour

/**
 * The lengths of time that usage is added up over, and how long each is kept: somewhat longer than the admin looks
 * at times so short.
 */
export const usageGrains = [
	{ minutes: 1, keptMs: 6 * hour },
	{ minutes: 15, keptMs: 7 * day },
	{ minutes: 60, keptMs: 90 * day },
	{ minutes: 1440, keptMs: Number.POSITIVE_INFINITY },
] as const
