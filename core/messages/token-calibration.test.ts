import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { applyCalibration, type Calibration, calibrate } from './token-calibration.ts'

/** Answers of a model that counts `rate` tokens for each estimated one. */
function learn(rate: number, sizes: readonly number[], from?: Calibration): Calibration | undefined {
	return sizes.reduce<Calibration | undefined>((known, size) => calibrate(known, size, size * rate), from)
}

const many = (size: number, count: number) => new Array<number>(count).fill(size)

describe('calibrate', () => {
	test('finds the rate of a model (trap 27)', () => {
		expect(learn(1.3, many(30_000, 10))?.factor).toBeCloseTo(1.3, 2)
		expect(learn(0.8, many(30_000, 10))?.factor).toBeCloseTo(0.8, 2)
	})

	test('follows a model that changes', () => {
		const before = learn(1.3, many(30_000, 20))
		expect(learn(0.9, many(30_000, 40), before)?.factor).toBeCloseTo(0.9, 2)
	})

	test('one odd answer among many moves it little', () => {
		const before = learn(1.2, many(30_000, 30))
		expect(calibrate(before, 30_000, 60_000)?.factor).toBeCloseTo(1.32, 1)
	})

	test('small requests, to which the upstream adds its own, weigh little', () => {
		const known = learn(1.1, many(30_000, 10))
		expect(calibrate(known, 10, 400)?.factor).toBeCloseTo(1.1, 2)
		expect(learn(2, [10])?.factor).toBeLessThan(1.05)
	})

	test('an answer without counts teaches nothing', () => {
		expect(calibrate(undefined, 100, 0)).toBeUndefined()
		expect(calibrate(undefined, 0, 100)).toBeUndefined()
		const known = { factor: 1.2, samples: 3 }
		expect(calibrate(known, Number.NaN, 100)).toBe(known)
	})

	test('the factor stays between a half and two, whatever upstreams count', () => {
		const counts = fc.array(fc.tuple(fc.nat(1e7), fc.nat(1e9)))
		const property = fc.property(counts, answers => {
			let known: Calibration | undefined
			for (const [estimated, actual] of answers) known = calibrate(known, estimated, actual)
			const factor = known?.factor ?? 1
			expect(factor >= 0.5 && factor <= 2).toBe(true)
		})
		fc.assert(property)
	})
})

test('applyCalibration rounds up, and takes no factor from outside of its range', () => {
	expect(applyCalibration(10, 1.01)).toBe(11)
	expect(applyCalibration(10, 1)).toBe(10)
	expect(applyCalibration(10, 50)).toBe(20)
	expect(applyCalibration(10, Number.NaN)).toBe(10)
})
