import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { PieceQueue } from './byte-queue.ts'

test('holds what came and was not let go of, in order, in memory of its own', () => {
	const step = fc.record({ add: fc.uint8Array({ maxLength: 40 }), drop: fc.nat(3) })
	fc.assert(
		fc.property(fc.array(step, { maxLength: 120 }), fc.nat(100), fc.nat(100), (steps, one, other) => {
			const queue = new PieceQueue()
			let expected: { chunk: number[]; at: number }[] = []
			for (const [at, { add, drop }] of steps.entries()) {
				const bytes = Uint8Array.from(add)
				queue.push(bytes, at)
				bytes.fill(0)
				expected.push({ chunk: [...add], at })
				const dropped = Math.min(drop, expected.length)
				for (let count = 0; count < dropped; count++) queue.dropFirst()
				expected = expected.slice(dropped)
				expect(queue.count).toBe(expected.length)
				expect(queue.firstLength).toBe(expected[0]?.chunk.length ?? 0)
				expect(queue.readPieces().map(piece => ({ ...piece, chunk: [...piece.chunk] }))).toEqual(expected)
			}
			const whole = expected.flatMap(({ chunk }) => chunk)
			expect(queue.length).toBe(whole.length)
			expect([...queue.read()]).toEqual(whole)
			const [from = 0, to = 0] = [one, other]
				.map(place => Math.min(place, whole.length))
				.toSorted((a, b) => a - b)
			expect([...queue.read(from, to)]).toEqual(whole.slice(from, to))
		}),
	)
})
