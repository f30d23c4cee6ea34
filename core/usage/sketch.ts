/**
 * A sketch of durations: how many fell into each of the intervals whose bounds grow by a constant factor. It answers
 * quantiles with a relative error of at most 2 %, and sketches add up without losing anything: percentiles of a week
 * come from its hours, never from averages of percentiles.
 * Source: DDSketch, https://www.vldb.org/pvldb/vol12/p2195-masson.pdf, sections 2.1 and 2.2.
 */
export type Sketch = Map<number, number>

/** Largest relative error of a quantile. */
export const sketchError = 0.02

const gamma = (1 + sketchError) / (1 - sketchError)
const logGamma = Math.log(gamma)

/** Interval 0 is everything up to 1 ms: nobody looks at less. 24 hours and more are one interval, too. */
const longestMs = 86_400_000

/** The interval that a duration falls into. */
export function intervalOf(ms: number): number {
	return ms > 1 ? Math.ceil(Math.log(Math.min(ms, longestMs)) / logGamma) : 0
}

/** The duration that stands for an interval: no value inside is further away than the error allows. */
const middleOf = (interval: number) => (interval === 0 ? 1 : (2 * gamma ** interval) / (gamma + 1))

/**
 * The value at a quantile, in ms.
 *
 * @param quantile 0 to 1
 * @returns undefined for an empty sketch
 */
export function readQuantile(sketch: Sketch, quantile: number): number | undefined {
	let total = 0
	for (const count of sketch.values()) total += count
	if (total === 0) return undefined
	const rank = quantile * (total - 1)
	let seen = 0
	let last = 0
	for (const interval of [...sketch.keys()].sort((a, b) => a - b)) {
		last = interval
		seen += sketch.get(interval) ?? 0
		if (seen > rank) break
	}
	return middleOf(last)
}

/** Counts by name as text, one member after the other: texts add up by being put together. `"12":3,"15":1,` */
export function writeCounts(counts: Iterable<readonly [name: number | string, count: number]>): string {
	let text = ''
	for (const [name, count] of counts) text += `"${name}":${count},`
	return text
}

/** Adds what a text of counts holds; a name may occur any number of times. */
export function addCounts<Name extends number | string>(
	text: string,
	toName: (name: string) => Name,
	into: Map<Name, number>,
): void {
	let at = 0
	while (at < text.length) {
		const colon = text.indexOf(':', at)
		const comma = text.indexOf(',', colon)
		if (colon === -1 || comma === -1) return
		const name = toName(text.slice(at + 1, colon - 1))
		into.set(name, (into.get(name) ?? 0) + Number(text.slice(colon + 1, comma)))
		at = comma + 1
	}
}
