import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startAnswering as start } from '../../../test/support/http-answers.ts'
import { get, post } from '../../../test/support/raw-client.ts'
import { ClientConnection } from './client-connection.ts'

const long = 40_000_000

describe.each(['own', 'node', 'fallback'] as const)('a server that closes (%s)', kind => {
	test('ends idle connections at once, and those that are in use after their answer', async () => {
		const { open, server, release, held } = await start(kind)
		const [idle, busy, last] = [await open(), await open(), await open()]
		await idle.send(get('/v1/echo'))
		await idle.answers(1)
		await busy.send(get('/v1/stream'))
		await last.send(post('/v1/late', 'abc'))
		await expect.poll(() => held.length).toBe(2)
		const closed = once(server, 'close')
		server.close()
		await idle.rest()
		expect([busy.isOver, last.isOver]).toEqual([false, false])
		release()
		await Promise.all([busy.until('two'), last.until('abc')])
		server.closeIdleConnections()
		await closed
		expect((await busy.answers(1))[0]?.body).toBe('one two')
		expect((await last.answers(1))[0]?.body).toBe('POST|/v1/late||-|abc')
	})

	test('leaves connections in use alone when idle ones are closed, and none when all are', async () => {
		const { open, server, held, signals } = await start(kind)
		const busy = await open()
		await busy.send(get('/v1/stream'))
		await busy.until('one ')
		server.closeIdleConnections()
		await busy.send('')
		expect([busy.isOver, held.length, signals[0]?.aborted]).toEqual([false, 1, false])
		server.closeAllConnections()
		await busy.rest()
		await expect.poll(() => signals[0]?.aborted).toBe(true)
	})
})

describe('a front server that closes', () => {
	test('tells a client so, when it answers afterwards', async () => {
		const { open, server, release, held } = await start('own')
		const client = await open()
		await client.send(get('/v1/late') + get('/v1/echo'))
		await expect.poll(() => held.length).toBe(1)
		server.close()
		release()
		await client.rest()
		const answers = await client.answers(2)
		expect(answers.map(({ headers }) => headers.connection)).toEqual(['close'])
	})

	test('does not cut an answer off that its client has not taken yet', async () => {
		const { open, server } = await start('own')
		const client = await open()
		client.socket.pause()
		await client.send(get(`/v1/long?${long}`))
		server.close()
		server.closeIdleConnections()
		client.socket.resume()
		await expect.poll(() => client.text().length).toBeGreaterThan(long)
		expect((await client.answers(1))[0]?.body).toHaveLength(long)
	})

	test('takes no request that comes after the one that was to be the last', async () => {
		const { open, readers } = await start('own')
		const together = await open()
		await together.send(get('/v1/echo', 'connection: close') + get('/v1/echo') + get('/other/echo'))
		await together.rest()
		expect(await together.answers(3)).toMatchObject([{ status: 200, headers: { connection: 'close' } }])
		const afterwards = await open()
		afterwards.socket.pause()
		await afterwards.send(get(`/v1/long?${long}`, 'connection: close'), get('/v1/echo'), get('/other/echo'))
		afterwards.socket.resume()
		await afterwards.rest()
		expect(await afterwards.answers(3)).toHaveLength(1)
		expect(readers).toEqual(['own', 'own'])
	})
})

describe('a client that is silent', () => {
	beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
	afterEach(() => void vi.useRealTimers())
	const startOwn = () =>
		start('own', server => {
			server.keepAliveTimeout = 65_000
			server.requestTimeout = 300_000
		})
	const pass = (seconds: number) => vi.advanceTimersByTime(seconds * 1000)

	test('keeps a connection for as long as it was told, from its last answer on', async () => {
		const { open } = await startOwn()
		const client = await open()
		pass(60)
		await client.send(get('/v1/echo'))
		expect((await client.answers(1))[0]?.headers).toMatchObject({
			...{ connection: 'keep-alive', 'keep-alive': 'timeout=65' },
		})
		pass(65)
		await client.send('')
		expect(client.isOver).toBe(false)
		pass(10)
		expect(await client.rest()).toMatch(/\|$/)
	})

	test('keeps it as long after a request that took its time', async () => {
		const { open } = await startOwn()
		const client = await open()
		const text = post('/v1/echo', 'abc')
		await client.send(text.slice(0, -1))
		pass(200)
		await client.send(text.slice(-1))
		await client.answers(1)
		pass(60)
		await client.send(get('/v1/echo'))
		expect(await client.answers(2)).toHaveLength(2)
	})

	test('that never says anything is closed as well', async () => {
		const { open } = await startOwn()
		const client = await open()
		await client.send('')
		pass(75)
		expect(await client.rest()).toBe('')
	})

	test('in the middle of its body is told that it took too long, and nobody waits for the rest', async () => {
		const { open, bodies, signals } = await startOwn()
		const client = await open()
		await client.send(post('/v1/echo', 'abc').slice(0, -1))
		pass(300)
		expect(client.text()).toBe('')
		pass(10)
		await client.send('c')
		expect(await client.rest()).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
		await expect.poll(() => bodies).toEqual([{ problem: 'aborted' }])
		expect(signals[0]?.aborted).toBe(true)
	})

	test('in the middle of a body that nobody wants is closed after its answer', async () => {
		const { open } = await startOwn()
		const client = await open()
		await client.send(post('/v1/deaf', 'abc').slice(0, -1))
		expect(await client.answers(1)).toMatchObject([{ status: 401 }])
		pass(310)
		await client.rest()
		expect(await client.answers(2)).toHaveLength(1)
	})

	test.each(['own', 'fallback'] as const)('waits for its answer as long as it likes (%s)', async kind => {
		const { open, release, held } = await start(kind)
		const [streaming, waiting] = [await open(), await open()]
		await streaming.send(get('/v1/stream'))
		await waiting.send(post('/v1/late', 'abc'))
		await expect.poll(() => held.length).toBe(2)
		pass(3600)
		await streaming.send('')
		release()
		expect((await streaming.answers(1))[0]?.body).toBe('one two')
		expect((await waiting.answers(1))[0]?.body).toContain('abc')
	})

	test('takes an answer as slowly as it likes, as long as it takes some of it', async () => {
		const { open } = await startOwn()
		const client = await open()
		client.socket.pause()
		await client.send(get(`/v1/long?${long}`))
		for (let seconds = 0; seconds < 180; seconds += 30) {
			pass(30)
			await takeSome(client.socket, long / 8)
			await client.send('', '', '')
		}
		client.socket.resume()
		await expect.poll(() => client.text().length).toBeGreaterThan(long)
		expect((await client.answers(1))[0]?.body).toHaveLength(long)
	})

	test('is not looked at any more when it has gone, or is node:http’s', async () => {
		const look = vi.spyOn(ClientConnection.prototype, 'look')
		onTestFinished(() => look.mockRestore())
		const { open } = await startOwn()
		const clients = [await open(), await open(), await open()]
		const [gone, odd] = clients
		for (const client of clients) await client.send(get('/v1/echo'))
		pass(5)
		expect(look).toHaveBeenCalledTimes(3)
		gone?.socket.end()
		await gone?.rest()
		await odd?.send(get('/other/echo'))
		look.mockClear()
		pass(5)
		expect(look).toHaveBeenCalledTimes(1)
	})

	test.each([
		['its answer any more', get(`/v1/long?${long}`) + get('/v1/echo'), 80],
		['an answer that goes on, and has ended its side', get(`/v1/begun?${long}`), 320],
	])('that takes nothing of %s is closed', async (_, text, seconds) => {
		const { open, server, held, signals } = await startOwn()
		const client = await open()
		client.socket.pause()
		client.socket.end(text)
		await client.send('', '')
		pass(seconds)
		const count = () =>
			new Promise<number>((resolve, reject) => {
				server.getConnections((error, found) => (error ? reject(error) : resolve(found)))
			})
		await expect.poll(count).toBe(0)
		await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([held.length === 1])
	})
})

/** Reads so many bytes or a little more, and then no further. */
function takeSome(socket: Socket, bytes: number): Promise<void> {
	let taken = 0
	return new Promise(resolve => {
		const count = (piece: string) => {
			taken += piece.length
			if (taken < bytes) return
			socket.off('data', count).pause()
			resolve()
		}
		socket.on('data', count).resume()
	})
}
