import { matchesGlob } from '../config/model-map.ts'
import type { PriceOverride } from '../config/prices.ts'
import { listedPrices } from './price-list.ts'
import type { Price } from './prices.ts'

/** Tokens of one request or of many. `input` is without what was read from or written to a cache. */
export interface Tokens {
	input: number
	/** Reasoning included: vendors bill it as output. */
	output: number
	cacheRead: number
	cacheWrite: number
}

/**
 * What tokens cost by a price, in millionths of a US dollar: a price per million tokens is just that per token.
 * Source: https://docs.claude.com/en/docs/about-claude/pricing
 */
export function costMicros(tokens: Tokens, price: Price): number {
	const { input, output, cacheRead = input, cacheWrite = input } = price
	return (
		tokens.input * input +
		tokens.output * output +
		tokens.cacheRead * cacheRead +
		tokens.cacheWrite * cacheWrite
	)
}

/** Finds the price of an upstream's model; undefined where none is known: a cost is never guessed. */
export type FindPrice = (model: string) => Price | undefined

/** Prices that people set come first, in their order, then the list. Answers are remembered: models repeat. */
export function createFindPrice(overrides: readonly PriceOverride[]): FindPrice {
	const all: readonly (Price & { model: string })[] = [...overrides, ...listedPrices]
	const known = new Map<string, Price | undefined>()
	return model => {
		if (known.has(model)) return known.get(model)
		const names = spellings(model)
		const price = all.find(one => names.some(name => fits(name, one.model.toLowerCase())))
		if (known.size < maxKnown) known.set(model, price)
		return price
	}
}

/** Model names come from clients: they must not fill anything. */
const maxKnown = 1000

const fits = (name: string, pattern: string) =>
	pattern.includes('*') ? matchesGlob(name, pattern) : name === pattern

/** The name as it is, without the path that relays and Gemini put before it, and without marks of a variant. */
function spellings(model: string): string[] {
	const whole = model.toLowerCase()
	const last = whole.slice(whole.lastIndexOf('/') + 1)
	const plain = last.replace(/\[[^\]]*\]$/, '')
	return [...new Set([whole, last, plain, plain.replace(/-(?:latest|\d{8}|\d{4}-\d{2}-\d{2})$/, '')])]
}
