import { describe, expect, test } from 'vitest'
import { largeBytes } from '../../../core/messages/large-bytes.ts'
import * as fc from '../../../test/support/fast-check.ts'
import type { BodyResult } from './body.ts'
import { RequestBody } from './request-body.ts'

const megabyte = 1024 * 1024
const none = Buffer.alloc(0)

/** Bytes that differ everywhere. */
const createBytes = (length: number) =>
	Buffer.from(Uint32Array.from({ length: length / 4 + 1 }, (_, at) => at).buffer, 0, length)

/** As a connection does: into the body's place where it has one, and handed over otherwise. Returns what is not its own. */
function bring(body: RequestBody, bytes: Buffer, usePlace = true): Buffer {
	const { place } = body
	if (!place || !usePlace) return body.add(bytes)
	const count = bytes.copy(place)
	body.arrived(count)
	return count < bytes.length ? bring(body, bytes.subarray(count)) : none
}

async function bytesOf(read: Promise<BodyResult>): Promise<Buffer> {
	const result = await read
	if ('problem' in result) throw new Error(result.problem)
	return Buffer.from(result.body)
}

describe('the body of a request', () => {
	test('is whole, wherever it is cut and whenever somebody wants it', async () => {
		const cuts = fc.array(fc.record({ size: fc.nat(9000), usePlace: fc.boolean() }), {
			minLength: 1,
			maxLength: 12,
		})
		await fc.assert(
			fc.asyncProperty(cuts, fc.nat(), fc.nat(50), async (pieces, askAt, beyond) => {
				const expected = createBytes(pieces.reduce((sum, { size }) => sum + size, 0))
				const next = Buffer.alloc(beyond, 'n')
				let from = pieces[0]?.size ?? 0
				const body = new RequestBody(expected.length, expected.subarray(0, from))
				let read: Promise<BodyResult> | undefined
				for (const [index, { size, usePlace }] of pieces.entries()) {
					if (index === askAt % pieces.length) read = body.read(expected.length)
					if (index === 0) continue
					const isLast = index === pieces.length - 1
					const piece = Buffer.concat([expected.subarray(from, from + size), isLast ? next : none])
					expect(bring(body, piece, usePlace && !isLast)).toEqual(isLast ? next : none)
					from += size
				}
				expect(body.left).toBe(0)
				expect((await bytesOf(read ?? body.read(expected.length))).equals(expected)).toBe(true)
			}),
		)
	})

	test('of several megabytes is whole, and of the memory it needed all but its own is given back', async () => {
		const expected = createBytes(5 * megabyte)
		const body = new RequestBody(expected.length, expected.subarray(0, 30_000))
		const read = body.read(expected.length)
		const places: ArrayBufferLike[] = []
		for (let from = 30_000; from < expected.length; from += 60_000) {
			if (body.place && places.at(-1) !== body.place.buffer) places.push(body.place.buffer)
			bring(body, expected.subarray(from, from + 60_000))
		}
		const result = await read
		if ('problem' in result) throw new Error(result.problem)
		expect(expected.equals(result.body)).toBe(true)
		expect(places.map(({ byteLength }) => byteLength)).toEqual([0, 0, 5 * megabyte])
		expect(result.body.buffer).toBe(places.at(-1))
		result.giveBack?.(result.body)
		expect(result.body.length).toBe(0)
	})

	test('takes little memory on the word of a client that says much and sends little', () => {
		const body = new RequestBody(500 * megabyte, Buffer.from('a'))
		void body.read(500 * megabyte)
		expect(body.place?.buffer.byteLength).toBeLessThanOrEqual(2 * megabyte)
	})

	test('shares no memory with where it was read to', async () => {
		for (const size of [10, largeBytes + 1]) {
			const readPlace = createBytes(size)
			const expected = Buffer.from(readPlace)
			const body = new RequestBody(size, readPlace)
			readPlace.fill(0)
			expect((await bytesOf(body.read(size))).equals(expected)).toBe(true)
		}
	})

	test('of no bytes is there at once', async () => {
		const body = new RequestBody(0, none)
		expect(body.left).toBe(0)
		expect(await bytesOf(body.read(0))).toEqual(none)
	})

	test('is read a little ahead of whoever wants it, and no further', async () => {
		const expected = createBytes(megabyte)
		const body = new RequestBody(expected.length, expected.subarray(0, 10))
		let from = 10
		for (; body.isWanted; from += 10_000) bring(body, expected.subarray(from, from + 10_000))
		expect(from).toBeGreaterThanOrEqual(64 * 1024)
		expect(from).toBeLessThan(64 * 1024 + 10_000)
		const read = body.read(expected.length)
		expect(body.isWanted).toBe(true)
		bring(body, expected.subarray(from))
		expect(body.isWanted).toBe(false)
		expect((await bytesOf(read)).equals(expected)).toBe(true)
	})
})

describe('a body that nobody gets', () => {
	test('is too large by what its client says, and is read past all the same', async () => {
		const body = new RequestBody(100, Buffer.from('abc'))
		expect(await body.read(99)).toEqual({ problem: 'too-large' })
		expect([body.isWanted, body.place]).toEqual([true, undefined])
		expect(bring(body, Buffer.alloc(100, 'x'))).toEqual(Buffer.from('xxx'))
		expect([body.left, body.isWanted]).toEqual([0, false])
	})

	test('is skipped when there is an answer already, in whatever state it is', async () => {
		for (const ask of [false, true]) {
			const body = new RequestBody(100_000, Buffer.from('abc'))
			const read = ask ? body.read(100_000) : undefined
			const { place } = body
			body.skip()
			expect([body.isWanted, body.place]).toEqual([true, undefined])
			// One more read may be under way to where it was to go.
			if (place) body.arrived(place.length - 10)
			expect(bring(body, Buffer.alloc(100_000, 'x')).length).toBe(place ? 100_000 - 10 : 3)
			expect(body.left).toBe(0)
			body.abort()
			expect(await Promise.race([read ?? 'nothing', 'nothing'])).toBe('nothing')
		}
	})

	test('ends with its client, for whoever waits for it', async () => {
		const body = new RequestBody(100_000, Buffer.from('abc'))
		const read = body.read(100_000)
		bring(body, Buffer.alloc(50_000))
		body.abort()
		expect(await read).toEqual({ problem: 'aborted' })
		const unread = new RequestBody(100_000, Buffer.from('abc'))
		unread.abort()
		expect(await unread.read(100_000)).toEqual({ problem: 'aborted' })
	})
})
