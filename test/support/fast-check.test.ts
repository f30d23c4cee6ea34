import { expect, test } from 'vitest'
import * as fc from './fast-check.ts'

function draw(environment: NodeJS.ProcessEnv, runs?: number): number[] {
	const drawn: number[] = []
	const property = fc.property(fc.integer(), value => void drawn.push(value))
	const result = fc.check(property, fc.chooseRuns(environment, runs))
	expect(result.failed).toBe(false)
	return drawn
}

test('in CI the same values are tried every time, elsewhere other ones', () => {
	expect(draw({ CI: 'true' })).toEqual(draw({ CI: '1' }))
	expect(draw({})).not.toEqual(draw({}))
})

test('FC_RUNS multiplies how many are tried', () => {
	expect(draw({})).toHaveLength(100)
	expect(draw({}, 30)).toHaveLength(30)
	expect(draw({ FC_RUNS: '20' }, 30)).toHaveLength(600)
})

test('a property that is false for some values is told with them', async () => {
	const even = fc.property(fc.constant(3), value => value % 2 === 0)
	expect(() => fc.assert(even)).toThrow('Counterexample: [3]')
	const later = fc.asyncProperty(fc.constant(5), async value => value % 2 === 0)
	await expect(fc.assert(later)).rejects.toThrow('Counterexample: [5]')
})
