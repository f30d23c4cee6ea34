import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { createSecretFinder } from '../keys/find-secrets.ts'
import { type BodyTextRules, readBodyText } from './body-text.ts'
import { describeRecording } from './describe-recording.ts'
import { viewRecording } from './payload-view.ts'
import type { RawRecording } from './recorder.ts'
import { Tape } from './tape.ts'

const secret = 'sk-secret-0123456789abcdefghij'
const find = createSecretFinder({ few: [secret], many: [] })
const rules: BodyTextRules = { maxBytes: 4096, find, edge: 64 }

function readChunks(
	chunks: readonly (string | Uint8Array)[],
	limits = { head: 1024, tail: 1024, pieces: 64 },
	more = {},
) {
	const tape = new Tape(limits)
	for (const [at, chunk] of chunks.entries()) tape.push(chunk, at)
	return readBodyText(tape.read(), { ...rules, ...more })
}

const textOf = (pieces: readonly (readonly [number, string])[] = []) =>
	pieces.map(([, text]) => text).join('')

describe('the text of a body', () => {
	test('a secret is found wherever the chunks are cut', () => {
		const bytes = new TextEncoder().encode(`héllo ${secret} 世界`)
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 40 }), lengths => {
				const chunks: Uint8Array[] = []
				let from = 0
				for (const length of lengths) {
					chunks.push(bytes.subarray(from, from + length))
					from += length
				}
				chunks.push(bytes.subarray(from))
				const body = readChunks(chunks)
				expect(textOf(body.pieces)).toBe('héllo sk-…ghij 世界')
				expect(body).toMatchObject({ bytes: bytes.length, truncated: false, redacted: true })
			}),
		)
	})

	test('no part of a secret is left next to a gap', () => {
		fc.assert(
			fc.property(fc.nat(1200), fc.nat(1200), fc.integer({ min: 1, max: 50 }), (before, after, size) => {
				const text = `${'a'.repeat(before)}${secret}${'b'.repeat(after)}`.padEnd(4000, 'c')
				const chunks = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []
				const body = readChunks(chunks, { head: 500, tail: 500, pieces: 1000 }, { edge: secret.length })
				const kept = `${textOf(body.pieces)}|${textOf(body.tail?.pieces)}`
				expect(kept).not.toMatch(/sk-s|0123456789|fghij/)
			}),
		)
	})

	test('is not longer than allowed, even when it came in one piece', () => {
		const body = readChunks(['x'.repeat(100_000)], { head: 100_000, tail: 10, pieces: 64 })
		expect(textOf(body.pieces).length + textOf(body.tail?.pieces).length).toBe(4096)
		expect(body).toMatchObject({ truncated: true, bytes: 100_000, tail: { left: 100_000 - 4096 } })
	})

	test('counts bytes, not characters', () => {
		expect(readChunks(['世界', '!']).bytes).toBe(7)
		expect(readChunks(Array.from({ length: 1000 }, () => '世界世界')).bytes).toBe(12_000)
	})
})

describe('a recording', () => {
	const encode = (text: string) => ({ bytes: new TextEncoder().encode(text), length: text.length })
	const answer = (text: string, type = 'text/event-stream') => {
		const tape = new Tape({ head: 100_000, tail: 0, pieces: 1 })
		for (const [index, chunk] of (text.match(/.{1,7}/gs) ?? []).entries()) tape.push(chunk, index)
		const headers = { 'content-type': type, 'set-cookie': 'a=b', 'x-api-key': secret, 'request-id': secret }
		return { status: 200, headers, body: tape.read() }
	}
	const raw = (events: string): RawRecording => ({
		...{ requestId: 'req_1', mode: 'all', maxBytes: 4096 },
		request: {
			...{ method: 'POST', path: '/v1/messages', query: `beta=true&key=${secret}`, body: encode('{}') },
			headers: { authorization: 'Bearer client-access-key-1234', cookie: 'c=d', 'user-agent': 'test' },
		},
		attempts: [
			{
				...{ at: 3, secret, hiddenHeaders: ['X-Team'], body: encode('{}'), problem: `no ${secret}` },
				request: {
					...{ method: 'POST', url: `https://me:hunter2hunter2@host/v1?key=${secret}` },
					headers: {
						'x-team': 'blue',
						authorization: `Bearer ${secret}`,
						'content-type': 'application/json',
					},
				},
				answer: answer(events),
			},
		],
		answer: answer('{"password":"hunter2hunter2"}', 'application/json'),
	})
	const view = (events = 'data: 1\n\n') => {
		const own = ['client-access-key-1234']
		return viewRecording(describeRecording(raw(events), { own, upstreams: [] }))
	}

	test('holds no secret, in headers and URLs either', () => {
		const shown = view()
		for (const hushed of [secret, 'client-access-key', 'hunter2', 'c=d', 'a=b', 'blue']) {
			expect(JSON.stringify(shown)).not.toContain(hushed)
		}
		expect(shown.upstreamRequest?.headers).toEqual({
			...{ 'x-team': '••••', authorization: 'Bearer sk-…ghij', 'content-type': 'application/json' },
		})
		expect(shown.upstreamRequest?.url).toBe('https://••••@host/v1?key=••••')
		expect(shown.clientRequest.headers).toEqual({
			...{ authorization: 'Bearer clie…1234', cookie: '••••', 'user-agent': 'test' },
		})
	})

	test.each([
		['LF', '\n'],
		['CRLF', '\r\n'],
	])('tells the events of a stream with %s as they came', (_name, end) => {
		const events = ['event: a\ndata: first', 'data: second', ': comment'].map(text =>
			text.replaceAll('\n', end),
		)
		const shown = view(events.map(event => event + end + end).join(''))
		expect(shown.upstreamAnswer?.events?.map(({ text }) => text)).toEqual(events)
		const times = shown.upstreamAnswer?.events?.map(({ at }) => at) ?? []
		expect(times[0]).toBeGreaterThanOrEqual(3)
		expect(times[1]).toBeGreaterThan(times[0] ?? 0)
	})

	test('what broke off in the middle of an event is told too', () => {
		expect(view('data: 1\n\ndata: hal').upstreamAnswer?.events?.at(-1)?.text).toBe('data: hal')
	})
})
