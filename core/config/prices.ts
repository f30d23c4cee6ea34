import { z } from 'zod'

const amount = z.number().min(0).max(100_000)

/** A price that people set, e.g. what a relay really charges; it comes before the list's. */
export const priceOverrideSchema = z.strictObject({
	model: z
		.string()
		.trim()
		.min(1)
		.max(200)
		.meta({ description: 'A model as the upstream calls it, or a glob.', example: 'kimi-k2*' }),
	input: amount.meta({ description: 'US dollars per million tokens.' }),
	output: amount,
	cacheRead: amount.optional().meta({ description: 'As input when absent.' }),
	cacheWrite: amount.optional().meta({ description: 'As input when absent.' }),
})

export type PriceOverride = z.infer<typeof priceOverrideSchema>
