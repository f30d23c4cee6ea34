import { z } from 'zod'
import type { PriceOverride } from '../config/prices.ts'
import { listedPrices } from './price-list.ts'

export const shownPriceSchema = z
	.object({
		model: z
			.string()
			.meta({ description: 'As the upstream calls it; a glob fits many.', example: 'kimi-k3*' }),
		input: z.number(),
		output: z.number(),
		cacheRead: z.number().meta({ description: 'What a cache had.' }),
		cacheWrite: z.number().meta({ description: 'What a cache got.' }),
		currency: z.literal('USD').meta({ description: 'Per million tokens.' }),
		source: z.enum(['built-in', 'override']),
		url: z.string().nullable().meta({ description: 'Where the vendor publishes it.' }),
		checked: z.string().nullable().meta({ description: 'When it was put down.' }),
		varies: z.string().nullable().meta({ description: 'When the vendor asks for more: this is the least.' }),
	})
	.meta({ id: 'Price' })
export type ShownPrice = z.infer<typeof shownPriceSchema>

/** All prices in the order in which they are tried. */
export function listPrices(overrides: readonly PriceOverride[]): ShownPrice[] {
	const own = overrides.map(price => ({
		...withCache(price),
		...{ source: 'override' as const, url: null, checked: null, varies: null },
	}))
	const listed = listedPrices.map(({ source: url, checked, varies = null, ...price }) => ({
		...withCache(price),
		...{ source: 'built-in' as const, url, checked, varies },
	}))
	return [...own, ...listed]
}

function withCache({ model, input, output, cacheRead = input, cacheWrite = input }: PriceOverride) {
	return { model, input, output, cacheRead, cacheWrite, currency: 'USD' as const }
}
