import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveBack, holdForWrite } from './give-back.ts'

const kilobyte = 1024
const isGone = (bytes: Uint8Array) => bytes.length === 0

describe('memory that is given back', () => {
	test('is gone at once, for whoever still looks at it', () => {
		const bytes = Buffer.alloc(64 * kilobyte, 'a')
		const view = bytes.subarray(100, 200)
		giveBack(bytes)
		expect([isGone(bytes), isGone(view)]).toEqual([true, true])
		giveBack(bytes)
	})

	test('is not what is small, nor what others have the greater part of', () => {
		const small = Buffer.alloc(16 * kilobyte, 'a')
		const shared = Buffer.alloc(128 * kilobyte, 'b')
		for (const bytes of [small, shared.subarray(1000, 65_000), Buffer.from('from the pool')]) {
			const before = Buffer.from(bytes)
			giveBack(bytes)
			expect(before.equals(bytes)).toBe(true)
		}
		giveBack(shared.subarray(10_000))
		expect(isGone(shared)).toBe(true)
	})

	test('stays until the last write of it is over, and until it is given back', () => {
		const bytes = Buffer.alloc(64 * kilobyte, 'a')
		const [first, second] = [holdForWrite(bytes), holdForWrite(bytes.subarray(10))]
		first()
		giveBack(bytes)
		expect(isGone(bytes)).toBe(false)
		second()
		expect(isGone(bytes)).toBe(true)

		const kept = Buffer.alloc(64 * kilobyte, 'a')
		holdForWrite(kept)()
		expect(isGone(kept)).toBe(false)
	})
})

describe('a write that the other side does not read yet', () => {
	let server: Server
	let socket: Socket
	let peer: Socket

	beforeAll(async () => {
		server = createServer({ pauseOnConnect: true })
		server.listen(0, '127.0.0.1')
		await once(server, 'listening')
	})
	afterAll(() => server.close())

	const open = async () => {
		socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
		;[[peer]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [[Socket], []]
	}

	/** Memory of the same size, which the system may give out anew, full of something else. */
	const fillMemory = (size: number) => Array.from({ length: 8 }, () => Buffer.alloc(size, 'X'))

	test('sends what was written, though its memory was given back, and then it is gone', async () => {
		await open()
		const size = 12 * 1024 * kilobyte
		const bytes = Buffer.alloc(size, 'the very bytes ')
		const expected = Buffer.from(bytes)
		const written = new Promise<void>(resolve => {
			const left = holdForWrite(bytes)
			socket.write(bytes, () => {
				left()
				resolve()
			})
		})
		giveBack(bytes)
		expect(isGone(bytes)).toBe(false)
		fillMemory(size)
		const got: Buffer[] = []
		socket.end()
		for await (const chunk of peer) got.push(chunk)
		await written
		expect(isGone(bytes)).toBe(true)
		expect(Buffer.concat(got).equals(expected)).toBe(true)
	})

	test('ends with its connection, and its memory is gone then', async () => {
		await open()
		const bytes = Buffer.alloc(12 * 1024 * kilobyte, 'x')
		const written = new Promise<Error | null | undefined>(resolve => {
			const left = holdForWrite(bytes)
			socket.write(bytes, error => {
				left()
				resolve(error)
			})
		})
		giveBack(bytes)
		socket.on('error', () => {})
		peer.on('error', () => {})
		peer.resetAndDestroy()
		socket.destroy()
		await written
		expect(isGone(bytes)).toBe(true)
	})
})
