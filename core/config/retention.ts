import { z } from 'zod'

/** How long what was seen is kept, in days. */
export const retentionSchema = z.strictObject({
	requestDays: z.int().min(1).max(3650).meta({ description: 'The request log: one row per request.' }),
	usageDays: z.int().min(1).max(3650).meta({ description: 'Usage by the day; by the hour at most 90 days.' }),
})

export type Retention = z.output<typeof retentionSchema>

export const defaultRetention: Retention = { requestDays: 30, usageDays: 400 }
