import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Exchange } from '../../../core/ports.ts'
import { createNodeTransport } from './node-transport.ts'

const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/tls/${name}`, import.meta.url))
const certificate = { key: fixture('key.pem'), cert: fixture('certificate.pem') }
const route = { insecureSkipVerify: true, proxyUrl: '', silenceMs: 10_000 }
const closing: (() => void)[] = []
afterEach(() => {
	for (const close of closing.splice(0)) close()
})

async function listen(server: Server): Promise<number> {
	server.listen(0)
	await once(server, 'listening')
	closing.push(() => {
		server.closeAllConnections()
		server.close()
	})
	return (server.address() as AddressInfo).port
}

/** Keeps every piece as it was handed on, and pauses at some of them; 0 is the head. */
function receive(
	transport: ReturnType<typeof createNodeTransport>,
	url: string,
	pausesAt: (place: number) => boolean = () => false,
): Promise<Buffer> {
	const pieces: Uint8Array[] = []
	let isHeld = false
	return new Promise((resolve, reject) => {
		const mayPause = () => {
			if (!pausesAt(pieces.length)) return
			isHeld = true
			exchange.pause()
			setImmediate(() => {
				isHeld = false
				exchange.resume()
			})
		}
		const exchange: Exchange = transport({ method: 'GET', url, headers: {} }, route, {
			head: () => mayPause(),
			data(bytes) {
				if (isHeld) reject(new Error('it came while it was held back'))
				pieces.push(bytes)
				mayPause()
			},
			ended: () => resolve(Buffer.concat(pieces)),
			failed: reject,
		})
	})
}

const protocols = [
	['http', (answer: Parameters<typeof createServer>[1]) => createServer(answer)],
	[
		'https',
		(answer: Parameters<typeof createServer>[1]) =>
			createSecureServer(certificate, answer) as unknown as Server,
	],
] as const

test.each(protocols)('what many sockets read into one room stays their own: %s', async (protocol, create) => {
	const bodies = Array.from({ length: 40 }, (_, place) => randomBytes(place % 2 === 0 ? 300 : 90_000))
	const port = await listen(
		create((request, response) => {
			const body = bodies[Number(request.url?.slice(1))] as Buffer
			// In pieces of all sizes, so that the reads of all sockets take turns.
			const step = 50 + (Number(request.url?.slice(1)) % 7) * 1500
			const writeFrom = (at: number) => {
				if (at >= body.length) return void response.end()
				response.write(body.subarray(at, at + step))
				setImmediate(writeFrom, at + step)
			}
			writeFrom(0)
		}),
	)
	const transport = createNodeTransport({})
	closing.push(() => transport.close())
	const received = await Promise.all(
		bodies.map((_, place) => receive(transport, `${protocol}://localhost:${port}/${place}`)),
	)
	received.forEach((body, place) => {
		expect(body.equals(bodies[place] as Buffer)).toBe(true)
	})
})

test.each(protocols)(
	'what is held back comes whole and in order, over reused connections as well: %s',
	async (protocol, create) => {
		const bodies = Array.from({ length: 4 }, () => randomBytes(600_000))
		const port = await listen(
			create((request, response) => void response.end(bodies[Number(request.url?.slice(1))])),
		)
		const transport = createNodeTransport({})
		closing.push(() => transport.close())
		for (let round = 0; round < 2; round++) {
			const received = await Promise.all(
				bodies.map((_, place) =>
					// One at each read, the others at the head and now and then.
					receive(transport, `${protocol}://localhost:${port}/${place}`, piece => piece % (place + 1) === 0),
				),
			)
			expect(received.map((body, place) => body.equals(bodies[place] as Buffer))).toEqual(
				bodies.map(() => true),
			)
		}
	},
)

test.each(protocols)(
	'what was read before anything was wanted waits behind its head: %s',
	async (protocol, create) => {
		const body = randomBytes(60_000)
		const { promise: isSent, resolve: sent } = Promise.withResolvers<void>()
		const port = await listen(create((_request, response) => void response.end(body, sent)))
		const transport = createNodeTransport({})
		closing.push(() => transport.close())
		const pieces: Uint8Array[] = []
		await new Promise<void>((resolve, reject) => {
			const outgoing = { method: 'GET', url: `${protocol}://localhost:${port}/`, headers: {} } as const
			const exchange: Exchange = transport(outgoing, route, {
				head() {
					exchange.pause()
					setImmediate(() => exchange.resume())
				},
				data: bytes => void pieces.push(bytes),
				ended: resolve,
				failed: reject,
			})
			exchange.pause()
			// TLS unpacks all that a packet brought, whatever is wanted; when it is here cannot be seen from outside.
			isSent.then(() => setTimeout(() => exchange.resume(), 30))
		})
		expect(Buffer.concat(pieces).equals(body)).toBe(true)
	},
)
