import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { Tape } from './tape.ts'

const textOf = (pieces: { chunk: string | Uint8Array }[]) => pieces.map(({ chunk }) => chunk).join('')

test('keeps all of what is short', () => {
	const tape = new Tape({ head: 10, tail: 10, pieces: 64 })
	tape.push('abc', 1)
	tape.push('def', 2)
	expect(tape.read()).toEqual({
		head: [
			{ chunk: 'abc', at: 1 },
			{ chunk: 'def', at: 2 },
		],
		tail: [],
		left: 0,
	})
})

test('of what is long, the beginning and the end, and how much is between', () => {
	fc.assert(
		fc.property(
			fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 400 }),
			fc.nat(300),
			fc.nat(300),
			fc.integer({ min: 1, max: 20 }),
			(chunks, head, tail, pieces) => {
				const tape = new Tape({ head, tail, pieces })
				for (const [at, chunk] of chunks.entries()) tape.push(chunk, at)
				const whole = chunks.join('')
				const read = tape.read()
				const [first, last] = [textOf(read.head), textOf(read.tail)]
				expect(tape.length).toBe(whole.length)
				expect(whole.startsWith(first)).toBe(true)
				expect(whole.endsWith(last)).toBe(true)
				expect(first.length + read.left + last.length).toBe(whole.length)
				expect(first.length).toBeGreaterThanOrEqual(Math.min(head, whole.length))
				expect(first.length).toBeLessThanOrEqual(head + 40)
				expect(read.tail.length).toBeLessThanOrEqual(pieces)
				expect(last.length).toBeLessThanOrEqual(Math.max(tail, 40))
				const times = [...read.head, ...read.tail].map(({ at }) => at)
				expect(times).toEqual(times.toSorted((one, other) => one - other))
			},
		),
	)
})

test('holds on to few pieces of the end, however small they are', () => {
	const tape = new Tape({ head: 0, tail: 1_000_000, pieces: 64 })
	for (let at = 0; at < 1000; at++) tape.push('x', at)
	const { tail, left } = tape.read()
	expect(tail).toHaveLength(64)
	expect(left).toBe(1000 - tail.length)
	expect(tail.at(-1)?.at).toBe(999)
})

test('copies what it keeps of large chunks: their memory is not its own', () => {
	const length = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 16_385, max: 40_000 }))
	fc.assert(
		fc.property(
			fc.array(length, { maxLength: 12 }),
			fc.nat(50_000),
			fc.nat(40_000),
			(lengths, head, tail) => {
				const tape = new Tape({ head, tail, pieces: 16 })
				const chunks = lengths.map((size, index) => Buffer.alloc(size, `${index} of `))
				const whole = Buffer.concat(chunks)
				for (const [at, chunk] of chunks.entries()) {
					tape.push(chunk, at)
					if (chunk.length > 16 * 1024) chunk.fill('?')
				}
				const read = tape.read()
				const [first, last] = [read.head, read.tail].map(pieces =>
					Buffer.concat(pieces.map(({ chunk }) => chunk as Uint8Array)),
				) as [Buffer, Buffer]
				expect(whole.subarray(0, first.length).equals(first)).toBe(true)
				expect(whole.subarray(whole.length - last.length).equals(last)).toBe(true)
				expect(first.length + read.left + last.length).toBe(whole.length)
				expect(first.length).toBeGreaterThanOrEqual(Math.min(head, whole.length))
				expect(first.length).toBeLessThanOrEqual(head + 300)
				expect(last.length).toBeLessThanOrEqual(Math.max(tail, 300))
			},
		),
	)
})

test('a large chunk lets go of the end before it where none is kept of itself', () => {
	const tape = new Tape({ head: 0, tail: 0, pieces: 16 })
	tape.push(Buffer.from('small'), 0)
	tape.push(Buffer.alloc(20_000, 'large'), 1)
	expect(tape.read()).toEqual({ head: [], tail: [], left: 20_005 })
})

test('copies nothing that is small', () => {
	const chunk = new Uint8Array([1, 2, 3])
	const tape = new Tape({ head: 10, tail: 10, pieces: 64 })
	tape.push(chunk, 0)
	expect(tape.read().head[0]?.chunk).toBe(chunk)
})
