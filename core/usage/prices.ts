import { z } from 'zod'

/** US dollars per million tokens. */
export interface Price {
	input: number
	output: number
	/** Absent: what is read from a cache costs as much as other input. */
	cacheRead?: number
	/** Absent: what is written to a cache costs as much as other input. */
	cacheWrite?: number
}

export interface ListedPrice extends Price {
	/** Upstream's model: a name, or a glob such as `gpt-5-mini*`, in lower case. The first that fits counts. */
	model: string
	/** Where the vendor publishes it, and when it was put down. */
	source: string
	checked: string
	/** Set where the vendor asks for more in some cases (long requests, peak hours): this is the least. */
	varies?: string
}

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
