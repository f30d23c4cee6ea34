import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { addCounts, intervalOf, readQuantile, type Sketch, sketchError, writeCounts } from './sketch.ts'

const durations = fc.array(fc.double({ min: 1, max: 3_600_000, noNaN: true }), {
	minLength: 1,
	maxLength: 400,
})

function sketchOf(values: readonly number[]): Sketch {
	const sketch: Sketch = new Map()
	for (const value of values) sketch.set(intervalOf(value), (sketch.get(intervalOf(value)) ?? 0) + 1)
	return sketch
}

const writeSketch = (values: readonly number[]) => writeCounts(sketchOf(values))

function readSketch(text: string): Sketch {
	const sketch: Sketch = new Map()
	addCounts(text, Number, sketch)
	return sketch
}

describe('a sketch', () => {
	test('tells every quantile within its error', () => {
		fc.assert(
			fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
				const sorted = values.toSorted((a, b) => a - b)
				const exact = sorted[Math.floor(quantile * (values.length - 1))] as number
				const told = readQuantile(sketchOf(values), quantile) as number
				expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(sketchError + 1e-9)
			}),
			{ numRuns: 500 },
		)
	})

	test('is the same however its values are divided and put together', () => {
		fc.assert(
			fc.property(durations, durations, durations, (one, other, third) => {
				const whole = sketchOf([...one, ...other, ...third])
				const [a, b, c] = [writeSketch(one), writeSketch(other), writeSketch(third)]
				const merged = writeCounts(readSketch(b + c))
				for (const text of [a + b + c, c + a + b, a + merged, merged + a]) {
					expect(new Map([...readSketch(text)].sort())).toEqual(new Map([...whole].sort()))
				}
			}),
		)
	})

	test('of nothing tells nothing, and of what is shorter than anybody looks at, a millisecond', () => {
		expect(readQuantile(new Map(), 0.5)).toBeUndefined()
		expect(readQuantile(sketchOf([0, 0.2, -1]), 0.5)).toBe(1)
	})

	test('takes few hundred intervals, whatever comes', () => {
		expect(intervalOf(Number.POSITIVE_INFINITY)).toBe(intervalOf(86_400_000))
		expect(intervalOf(86_400_000)).toBeLessThan(500)
	})
})

test('counts survive as text, names and numbers alike', () => {
	const counts = new Map<string, number>()
	addCounts(
		`${writeCounts([['auth', 2]])}${writeCounts([
			['server', 1],
			['auth', 40],
		])}`,
		String,
		counts,
	)
	expect(counts).toEqual(
		new Map([
			['auth', 42],
			['server', 1],
		]),
	)
})

test('a text that was cut off gives what is whole', () => {
	const counts = new Map<number, number>()
	addCounts('"1":2,"3":', Number, counts)
	expect(counts).toEqual(new Map([[1, 2]]))
})
