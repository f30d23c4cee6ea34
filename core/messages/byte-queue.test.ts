import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { ByteQueue } from './byte-queue.ts'

test('holds what came and was not let go of, in order, in memory of its own', () => {
	const step = fc.record({ add: fc.uint8Array({ maxLength: 40 }), drop: fc.nat(50) })
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), fc.nat(100), fc.nat(100), (steps, one, other) => {
			const queue = new ByteQueue()
			let expected: number[] = []
			for (const { add, drop } of steps) {
				const bytes = Uint8Array.from(add)
				queue.push(bytes)
				bytes.fill(0)
				expected.push(...add)
				const dropped = Math.min(drop, expected.length)
				queue.drop(dropped)
				expected = expected.slice(dropped)
				expect(queue.length).toBe(expected.length)
				expect([...queue.read()]).toEqual(expected)
			}
			const [from = 0, to = 0] = [one, other]
				.map(place => Math.min(place, expected.length))
				.toSorted((a, b) => a - b)
			expect([...queue.read(from, to)]).toEqual(expected.slice(from, to))
		}),
	)
})
