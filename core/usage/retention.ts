import { z } from 'zod'

/** How long what was seen is kept, in days. */
export const retentionSchema = z.strictObject({
	requestDays: z.int().min(1).max(3650).meta({ description: 'The request log: one row per request.' }),
	usageDays: z.int().min(1).max(3650).meta({ description: 'Usage by the day; by the hour at most 90 days.' }),
})

export type Retention = z.output<typeof retentionSchema>

export const defaultRetention: Retention = { requestDays: 30, usageDays: 400 }

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
