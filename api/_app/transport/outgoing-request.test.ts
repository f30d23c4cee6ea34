import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OutgoingRequest } from '../../../core/upstreams/contract.ts'
import { describeRequest, readPlace, sendBody } from './outgoing-request.ts'

const agent = new Agent({ keepAlive: true })
let received: { request: IncomingMessage; body: Buffer } | undefined
const server = createServer(async (incoming, response) => {
	const chunks: Buffer[] = []
	for await (const chunk of incoming) chunks.push(chunk)
	received = { request: incoming, body: Buffer.concat(chunks) }
	response.end()
})
let origin = ''

beforeAll(async () => {
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
	agent.destroy()
	server.close()
})

/** What a server gets of it. */
async function send(outgoing: Omit<OutgoingRequest, 'method'>, isDirect = true) {
	const place = readPlace(outgoing.url)
	if (!place) throw new Error('no URL')
	const { options, body } = describeRequest({ method: 'POST', ...outgoing }, place, isDirect)
	const sent = request({ ...options, agent })
	sendBody(sent, body)
	const [answer] = await once(sent, 'response')
	answer.resume()
	await once(answer, 'close')
	if (!received) throw new Error('nothing came')
	const { rawHeaders, headers, url } = received.request
	return { rawHeaders, headers, url, body: received.body }
}

test('bodies arrive byte for byte, with their length, on new connections and used ones', async () => {
	const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)
	const bodies = ['{"a":1}', '{"a":"世 😀 ä"}', 'ä'.repeat(9000), 'a'.repeat(200_000), everyByte]
	for (const body of [...bodies, Buffer.alloc(100_000, 7), new Uint8Array(), '']) {
		for (const isDirect of [true, false]) {
			const got = await send({ url: `${origin}/v1/messages?beta=true`, headers: {}, body }, isDirect)
			expect(got.body.equals(Buffer.from(body as string))).toBe(true)
			expect(got.headers['content-length']).toBe(String(Buffer.byteLength(body)))
			expect(got.url).toBe('/v1/messages?beta=true')
		}
	}
})

test('a list of headers and an object of them say the same', async () => {
	const headers = { 'x-api-key': 'k', 'content-type': 'application/json', constructor: 'x', 'x-empty': '' }
	const sorted = ({ headers: all }: Awaited<ReturnType<typeof send>>) => Object.entries(all).toSorted()
	const listed = await send({ url: `${origin}/a`, headers, body: '{}' })
	const keyed = await send({ url: `${origin}/a`, headers, body: '{}' }, false)
	expect(sorted(listed)).toEqual(sorted(keyed))
	expect(listed.headers).toMatchObject({
		...{ host: new URL(origin).host, 'accept-encoding': 'identity', connection: 'keep-alive' },
	})
})

test('of names that differ in case only the last counts, and the proxy’s own headers are not doubled', async () => {
	const headers = {
		'x-api-key': 'first',
		'X-Api-Key': 'last',
		'accept-encoding': 'gzip',
		'content-length': '9',
	}
	const { rawHeaders } = await send({ url: origin, headers, body: '{}' })
	const valuesOf = (name: string) =>
		rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
	expect(valuesOf('x-api-key')).toEqual(['last'])
	expect(valuesOf('accept-encoding')).toEqual(['identity'])
	expect(valuesOf('content-length')).toEqual(['2'])
	const { rawHeaders: again } = await send({ url: origin, headers: { 'content-length': '9' }, body: '{}' })
	expect(again.filter(text => text.toLowerCase() === 'content-length')).toHaveLength(1)
})

test('a name and password in the URL become credentials', async () => {
	const { headers } = await send({ url: origin.replace('//', '//me:p%40ss@'), headers: {}, body: '{}' })
	expect(headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
})

test('the server is named in TLS by its host, and addresses are not names', () => {
	const nameOf = (url: string) => readPlace(url)?.options.servername
	expect(nameOf('https://api.example.com/v1')).toBe('api.example.com')
	expect(nameOf('https://127.0.0.1/v1')).toBe('')
	expect(nameOf('https://[::1]:8443/v1')).toBe('')
	expect(readPlace('nonsense')).toBeUndefined()
})
