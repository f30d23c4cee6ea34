import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { startAnswering as start } from '../../../test/support/http-answers.ts'
import { get, type openRawClient, post, readAnswers } from '../../../test/support/raw-client.ts'
import { unsentBytes } from './client-socket.ts'

/** More than the system takes of what nobody reads. */
const long = 40_000_000

/** Cuts a text at these places. */
const cut = (text: string, places: number[]) =>
	[0, ...places.toSorted((a, b) => a - b)].map((from, index, all) => text.slice(from, all[index + 1]))

// The same is expected of node:http itself: the front server is to be no different for a client.
describe.each(['own', 'node', 'fallback'] as const)('requests to a server (%s)', kind => {
	const mixed = [
		post('/v1/echo?a=b?c', 'some\r\n\r\nbody', 'X-Name: first'),
		get('/v1/echo', 'x-name: \t second '),
		post('/v1/deaf', 'GET /v1/never HTTP/1.1\r\nHost: a\r\n\r\n'),
		post('/v1/echo', ''),
		`POST /v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n`,
		post('/other/echo', 'a body', 'X-Name: other'),
		get('/v1/echo?last'),
	].join('')
	const expected = [
		'POST|/v1/echo|a=b?c|first|some\r\n\r\nbody',
		'GET|/v1/echo||second|',
		'no',
		'POST|/v1/echo||-|',
		'POST|/v1/echo||-|abcdefg',
		'POST|/other/echo||other|a body',
		'GET|/v1/echo|last|-|',
	]

	test('are read as they were sent, wherever they are cut', async () => {
		const { open } = await start(kind)
		const check = async (places: number[]) => {
			const client = await open()
			await client.send(...cut(mixed, places))
			expect((await client.answers(expected.length)).map(({ body }) => body)).toEqual(expected)
			client.socket.destroy()
		}
		await check(Array.from({ length: mixed.length }, (_, at) => at))
		for (let at = 0; at < mixed.length; at += 3) await check([at])
		const places = fc.array(fc.nat(mixed.length), { maxLength: 6 })
		await fc.assert(fc.asyncProperty(places, check), { numRuns: 50 })
	})

	test('may follow one another on one connection, wherever they lead', async () => {
		const { open, readers } = await start(kind)
		const client = await open()
		const paths = ['/v1/echo', '/v1/echo', '/other/echo', '/v1/echo', '/other/echo']
		for (const [index, path] of paths.entries()) {
			await client.send(...cut(post(path, 'in two pieces'), [60]))
			const answers = await client.answers(index + 1)
			expect(answers.at(-1)).toMatchObject({ status: 200, body: `POST|${path}||-|in two pieces` })
		}
		const own = ['own', 'own', 'node', 'node', 'node']
		expect(readers).toEqual(kind === 'own' ? own : own.map(() => 'node'))
	})

	test.each([
		['a plain one', get('/v1/echo'), 'GET|/v1/echo||-|'],
		['one with a body', post('/v1/echo', 'abcdef'), 'POST|/v1/echo||-|abcdef'],
		['one for another path', post('/other/echo', 'abcdef'), 'POST|/other/echo||-|abcdef'],
		['one of HTTP/1.0', 'GET /v1/echo HTTP/1.0\r\n\r\n', 'GET|/v1/echo||-|'],
	])('that come while another is answered wait for their turn: %s', async (_, second, answer) => {
		const { open, held, release } = await start(kind)
		for (const at of [second.length, second.length - 1, 20, 1]) {
			const client = await open()
			await client.send(get('/v1/stream') + second.slice(0, at))
			await client.until('one ')
			await client.send(second.slice(at))
			expect(held).toHaveLength(1)
			expect(client.text()).not.toContain('|')
			release()
			expect((await client.answers(2)).map(({ body }) => body)).toEqual(['one two', answer])
		}
	})

	test('go on where reading was held back, whoever reads on', async () => {
		const { open, held, release } = await start(kind)
		const body = 'x'.repeat(300_000)
		for (const path of ['/v1/echo', '/other/echo']) {
			const client = await open()
			await client.send(post('/v1/late', body))
			await expect.poll(() => held.length).toBe(1)
			release()
			await client.answers(1)
			await client.send(get('/v1/stream') + post(path, body), get('/other/echo?last'))
			await client.until('one ')
			release()
			const bodies = (await client.answers(4)).map(answer => answer.body)
			expect(bodies).toEqual([
				`POST|/v1/late||-|${body}`,
				'one two',
				`POST|${path}||-|${body}`,
				'GET|/other/echo|last|-|',
			])
		}
	})

	test('are answered when the whole of their body is there', async () => {
		const { open, bodies } = await start(kind)
		const client = await open()
		const body = 'a large body '.repeat(50_000)
		const text = post('/v1/echo', body)
		await client.send(...cut(text, [10, 200, 70_000, 70_001, 500_000]))
		const [answer] = await client.answers(1)
		expect(answer?.body).toBe(`POST|/v1/echo||-|${body}`)
		expect(bodies).toHaveLength(1)
	})

	test('Expect: 100-continue is answered before the body comes', async () => {
		const { open } = await start(kind)
		const client = await open()
		const text = post('/v1/echo', 'abc', 'Expect: 100-continue')
		await client.send(text.slice(0, -3))
		expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 100 Continue\r\n/)
		await client.send('abc')
		expect(await client.until('|abc')).toContain('POST|/v1/echo||-|abc')
	})

	test('a refused body may still be on its way, and the next request is answered', async () => {
		const { open, bodies } = await start(kind)
		const client = await open()
		const text = post('/v1/echo', 'x'.repeat(3_000_000))
		await client.send(text.slice(0, 100_000))
		const [refused] = await client.answers(1)
		expect(refused).toMatchObject({ status: 413, body: 'too-large' })
		expect(refused?.headers.connection).toBe('keep-alive')
		await client.send(text.slice(100_000, 2_000_000), text.slice(2_000_000) + get('/v1/echo'))
		expect((await client.answers(2)).at(1)?.body).toBe('GET|/v1/echo||-|')
		expect(bodies.at(0)).toEqual({ problem: 'too-large' })
	})

	test('a client that reads nothing gets no more answers than it leaves room for, and all once it reads', async () => {
		const { open, readers } = await start(kind)
		const client = await open()
		client.socket.pause()
		const count = 4000
		client.socket.write(get('/v1/long?8000').repeat(count) + get('/v1/echo', 'connection: close'))
		await untilQuiet(client, () => readers.length)
		expect(readers.length).toBeLessThan(count)
		client.socket.resume()
		const all = readAnswers(await client.rest())
		expect(all).toHaveLength(count + 1)
		expect(all.at(-1)?.body).toBe('GET|/v1/echo||-|')
	})
})

describe('a client that sends ahead', () => {
	test('is answered when it has taken the answer before', async () => {
		const { open, readers } = await start('own')
		const client = await open()
		client.socket.pause()
		await client.send(get(`/v1/long?${long}`), get('/v1/echo'), get('/v1/echo'), get('/v1'))
		await client.send(get('/v1/echo', 'connection: close'))
		expect(readers).toHaveLength(1)
		client.socket.resume()
		const statuses = readAnswers(await client.rest()).map(({ status }) => status)
		expect(statuses).toEqual([200, 200, 200, 404, 200])
		expect(readers).toEqual(Array(5).fill('own'))
	})

	test('has not all of a body read that nobody wants yet', async () => {
		const { open, held, release, bodies } = await start('own')
		const client = await open()
		await client.send(post('/v1/late', 'x'.repeat(long)))
		await untilQuiet(client, () => unsentBytes(client.socket))
		expect(held).toHaveLength(1)
		expect(unsentBytes(client.socket)).toBeGreaterThan(0)
		release()
		await client.send(get('/v1/echo'))
		expect((await client.answers(2)).map(({ status }) => status)).toEqual([413, 200])
		expect(bodies[0]).toEqual({ problem: 'too-large' })
	})

	test('does not have everything read that it sends', async () => {
		const { open, held, release } = await start('own')
		const client = await open()
		await client.send(get('/v1/stream'))
		await expect.poll(() => held.length).toBe(1)
		client.socket.write(post('/v1/deaf', 'x'.repeat(long)))
		await untilQuiet(client, () => unsentBytes(client.socket))
		expect(unsentBytes(client.socket)).toBeGreaterThan(0)
		release()
		await client.send(get('/v1/echo'))
		expect((await client.answers(3)).map(({ status }) => status)).toEqual([200, 401, 200])
	})

	test('is noticed when it leaves, also where reading was held back for a while', async () => {
		const { open, held, release, signals } = await start('own')
		const client = await open()
		client.socket.write(get('/v1/stream') + post('/v1/deaf', 'x'.repeat(70_000)) + get('/v1/stream'))
		await untilQuiet(client, () => client.text().length)
		release()
		await expect.poll(() => held.length).toBe(1)
		client.socket.destroy()
		await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([false, false, true])
	})
})

/** Until a number has not changed for a while, in turns of the event loop. */
async function untilQuiet(client: Awaited<ReturnType<typeof openRawClient>>, count: () => number) {
	for (let before = -1, quiet = 0; quiet < 50; quiet = count() === before ? quiet + 1 : 0) {
		before = count()
		await client.send('')
	}
}
