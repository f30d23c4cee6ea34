import { describe, expect, test } from 'vitest'
import { startAnswering as start } from '../../../test/support/http-answers.ts'
import { get, post } from '../../../test/support/raw-client.ts'

type Client = Awaited<ReturnType<Awaited<ReturnType<typeof start>>['open']>>

const ways: [string, (client: Client) => unknown][] = [
	['ends its side', client => client.socket.end()],
	['closes', client => client.socket.destroy()],
	['resets', client => client.socket.resetAndDestroy()],
]

describe.each(['own', 'node', 'fallback'] as const)('a client that leaves (%s)', kind => {
	describe.each(ways)('and %s', (_, leave) => {
		test('in the middle of a head, or before, leaves nothing behind', async () => {
			const { open, server, readers } = await start(kind)
			for (const text of ['', 'P', post('/v1/echo', 'abc').slice(0, 30)]) {
				const client = await open()
				await client.send(text)
				leave(client)
			}
			await expect.poll(() => countConnections(server)).toBe(0)
			expect(readers).toEqual([])
		})

		test('in the middle of its body ends the wait for it', async () => {
			const { open, server, signals, bodies } = await start(kind)
			for (const size of [0, 10, 100_000]) {
				const client = await open()
				await client.send(post('/v1/echo', 'x'.repeat(200_000)).slice(0, 60 + size))
				await expect.poll(() => signals.length).toBe(1)
				leave(client)
				await expect.poll(() => bodies.splice(0)).toEqual([{ problem: 'aborted' }])
				expect(signals.splice(0).map(({ aborted }) => aborted)).toEqual([true])
			}
			await expect.poll(() => countConnections(server)).toBe(0)
		})

		test('before anybody wants its body is noticed, and the body is none', async () => {
			const { open, held, release, signals, bodies } = await start(kind)
			const client = await open()
			await client.send(post('/v1/late', 'x'.repeat(20_000)).slice(0, 70), 'x'.repeat(10_000))
			await expect.poll(() => held.length).toBe(1)
			leave(client)
			await expect.poll(() => signals[0]?.aborted).toBe(true)
			release()
			await expect.poll(() => bodies).toEqual([{ problem: 'aborted' }])
		})

		test('in the middle of the answer is noticed, also when it has asked for more', async () => {
			const { open, server, signals, release } = await start(kind)
			for (const more of ['', get('/v1/echo'), get('/other/echo'), 'GET /v1']) {
				const client = await open()
				await client.send(get('/v1/stream') + more)
				await client.until('one ')
				leave(client)
				await expect.poll(() => signals[0]?.aborted).toBe(true)
				// What is written now goes nowhere, and breaks nothing.
				release()
				signals.length = 0
				await expect.poll(() => countConnections(server)).toBe(0)
			}
		})

		test('when it has its answer does not make the request one that was left', async () => {
			const { open, server, signals } = await start(kind)
			const texts = [post('/v1/echo', 'abc'), post('/v1/deaf', 'abc'), post('/v1/deaf', 'abc').slice(0, -1)]
			for (const text of texts) {
				const client = await open()
				await client.send(text)
				await client.answers(1)
				leave(client)
			}
			await expect.poll(() => countConnections(server)).toBe(0)
			expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false])
		})
	})
})

const countConnections = (server: {
	getConnections(tell: (error: Error | null, count: number) => void): unknown
}) =>
	new Promise<number>((resolve, reject) => {
		server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
	})
