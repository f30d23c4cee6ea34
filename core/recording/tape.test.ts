import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { Tape } from './tape.ts'

const bytesOf = (pieces: { chunk: Uint8Array }[]) => Buffer.concat(pieces.map(({ chunk }) => chunk))

test('keeps all of what is short', () => {
	const tape = new Tape({ head: 10, tail: 10, pieces: 64 })
	tape.push('abc', 1)
	tape.push('dëf', 2)
	expect(tape.read()).toEqual({
		head: [
			{ chunk: new TextEncoder().encode('abc'), at: 1 },
			{ chunk: new TextEncoder().encode('dëf'), at: 2 },
		],
		...{ tail: [], left: 0, length: 7 },
	})
})

test('of what is long, the beginning and the end, and how much is between', () => {
	const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
	fc.assert(
		fc.property(
			fc.array(fc.oneof(text, fc.uint8Array({ minLength: 1, maxLength: 40 })), { maxLength: 400 }),
			fc.nat(300),
			fc.nat(300),
			fc.integer({ min: 1, max: 20 }),
			(chunks, head, tail, pieces) => {
				const tape = new Tape({ head, tail, pieces })
				for (const [at, chunk] of chunks.entries()) tape.push(chunk, at)
				const parts = chunks.map(chunk => Buffer.from(chunk as string))
				const longest = Math.max(0, ...parts.map(part => part.length))
				const whole = Buffer.concat(parts)
				const read = tape.read()
				const [first, last] = [bytesOf(read.head), bytesOf(read.tail)]
				expect(read.length).toBe(whole.length)
				expect(whole.subarray(0, first.length).equals(first)).toBe(true)
				expect(whole.subarray(whole.length - last.length).equals(last)).toBe(true)
				expect(first.length + read.left + last.length).toBe(whole.length)
				expect(first.length).toBeGreaterThanOrEqual(Math.min(head, whole.length))
				expect(first.length).toBeLessThanOrEqual(head + longest)
				expect(read.tail.length).toBeLessThanOrEqual(pieces)
				expect(last.length).toBeLessThanOrEqual(tail)
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
				const [first, last] = [bytesOf(read.head), bytesOf(read.tail)]
				expect(whole.subarray(0, first.length).equals(first)).toBe(true)
				expect(whole.subarray(whole.length - last.length).equals(last)).toBe(true)
				expect(first.length + read.left + last.length).toBe(whole.length)
				expect(first.length).toBeGreaterThanOrEqual(Math.min(head, whole.length))
				expect(first.length).toBeLessThanOrEqual(head + 300)
				expect(last.length).toBeLessThanOrEqual(tail)
			},
		),
	)
})

test('a large chunk lets go of the end before it where none is kept of itself', () => {
	const tape = new Tape({ head: 0, tail: 0, pieces: 16 })
	tape.push(Buffer.from('small'), 0)
	tape.push(Buffer.alloc(20_000, 'large'), 1)
	expect(tape.read()).toEqual({ head: [], tail: [], left: 20_005, length: 20_005 })
})

test('what a few chunks were is copied once more come: it may be gone by then', () => {
	const tape = new Tape({ head: 4, tail: 100, pieces: 100 })
	const chunks = Array.from({ length: 20 }, (_, index) => Buffer.from([index, index]))
	for (const [at, chunk] of chunks.entries()) tape.push(chunk, at)
	const before = tape.read()
	for (const chunk of chunks) chunk.fill(0xff)
	expect(tape.read()).toEqual(before)
	expect(bytesOf([...before.head, ...before.tail])).toEqual(
		Buffer.from(chunks.flatMap((_, index) => [index, index])),
	)
})
