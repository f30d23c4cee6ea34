import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNodeTransport } from '../../api/_app/transport/node-transport.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../../test/support/upstreams/index.ts'
import { compareWithServer, compareWithStored, compareWithUpstreams, watchDates } from './check-clock.ts'

const now = Date.parse('2026-01-31T09:05:07Z')

describe('the clock of a database file is ours', () => {
	test.each([
		[0, 'ok'],
		[now - 3_600_000, 'ok'],
		[now + 4000, 'ok'],
		[now + 6000, 'warn'],
		[now + 3 * 3_600_000, 'warn'],
	])('newest entry %i: %s', (newest, level) => {
		expect(compareWithStored({ newest, now })).toMatchObject({ area: 'clock', level })
	})

	test('it tells how far it went back', () => {
		const text = (aheadMs: number) => compareWithStored({ newest: now + aheadMs, now }).text
		expect(text(90_000)).toMatch(/^90 s behind the newest entry/)
		expect(text(600_000)).toMatch(/^10 min behind/)
		expect(text(7_200_000)).toMatch(/^2 h behind/)
	})
})

test('the clock of a server is another one', () => {
	expect(compareWithServer(now + 5000, now).level).toBe('ok')
	expect(compareWithServer(now + 6000, now)).toMatchObject({
		level: 'warn',
		text: expect.stringMatching(/^6 s behind the database/),
	})
	expect(compareWithServer(now - 6000, now).text).toMatch(/^6 s ahead of the database/)
})

describe('upstreams', () => {
	const judge = (...aheadMs: number[]) =>
		compareWithUpstreams(new Map(aheadMs.map((ms, index) => [`host-${index}`, ms])))

	test('that none answered say nothing', () => {
		expect(judge()).toEqual([])
	})

	test('one that agrees is enough: the others are wrong', () => {
		expect(judge(-7_200_000, 900, 90_000)).toMatchObject([
			{ level: 'ok', text: 'within a minute of the one of host-1' },
		])
		expect(judge(60_000)).toMatchObject([{ level: 'ok' }])
	})

	test('where none agrees, the nearest is named', () => {
		expect(judge(-7_200_000, 61_000)).toMatchObject([
			{ level: 'warn', text: expect.stringMatching(/^61 s behind the one of host-1: /) },
		])
		expect(judge(-7_200_000)[0]?.text).toMatch(/^2 h ahead of the one of host-0: /)
	})
})

describe('the date of an answer', () => {
	let upstream: ScriptedUpstream
	beforeEach(async () => {
		upstream = await startOpenAiUpstream()
	})
	afterEach(() => upstream.close())

	async function ask(date?: string): Promise<ReadonlyMap<string, number>> {
		const headers: Record<string, string> = date === undefined ? {} : { date }
		upstream.script({ fault: { status: 500, body: { error: { message: 'broken' } }, headers } })
		const own = createNodeTransport()
		const { transport, aheadMs } = watchDates(own, () => now)
		const body = new TextEncoder().encode('{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}')
		const request = {
			...{ method: 'POST' as const, url: `${upstream.url}/v1/chat/completions`, body },
			headers: { authorization: 'Bearer sk-test-0123456789', 'content-type': 'application/json' },
		}
		const route = { insecureSkipVerify: false, proxyUrl: '', silenceMs: 5000 }
		await new Promise<void>((resolve, reject) =>
			transport(request, route, {
				...{ head() {}, data() {}, ended: resolve },
				failed: ({ message }) => reject(new Error(message)),
			}),
		)
		own.close()
		return aheadMs
	}

	test('is compared with ours, by host', async () => {
		const { host } = new URL(upstream.url)
		expect(await ask('Sat, 31 Jan 2026 10:05:07 GMT')).toEqual(new Map([[host, 3_600_000]]))
	})

	test('counts for nothing when it is none', async () => {
		expect(await ask('yesterday')).toEqual(new Map())
	})
})
