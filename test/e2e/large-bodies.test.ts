import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAdmin } from '../support/admin.ts'
import { call } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import {
	type RecordedRequest,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'

const keys = ['sk-ant-first-0123456789', 'sk-ant-second-012345678'] as const

/** A request of its own that says everywhere whose it is: a byte of another would show. */
function createRequest(index: number) {
	const text = `request ${index} says so `.repeat(6000 + index * 300)
	return { model: 'claude-sonnet-5', max_tokens: 50, messages: [{ role: 'user', content: text }] }
}

const answerTo = (request: RecordedRequest) =>
	/request \d+ says so/.exec(request.rawBody.toString('latin1'))?.[0].replace('says so', 'answered ') ?? ''

describe.each(['errors', 'all'] as const)(
	'large requests at once, with large answers, recording %s',
	mode => {
		let proxy: TestProxy
		let upstream: ScriptedUpstream

		beforeEach(async () => {
			;[proxy, upstream] = await Promise.all([startProxy(), startAnthropicUpstream({ keys: [...keys] })])
			await proxy.use({ type: 'claude', baseUrl: upstream.url }, [...keys])
			const recording = { mode, maxKb: 64, days: 7 }
			expect((await askAdmin(proxy, 'PATCH', '/settings', { recording })).status).toBe(200)
		})
		afterEach(async () => {
			await Promise.all([proxy.close(), upstream.close()])
		})

		test('each upstream request and each answer is whole and its own, also where keys fail and clients leave', async () => {
			const count = 24
			const longAnswer = (request: RecordedRequest) => ({ text: [answerTo(request).repeat(12_000)] })
			upstream.onRequest = request => {
				const fails =
					request.key === keys[0] && /request \d*3 says/.test(request.rawBody.toString('latin1', 0, 200))
				return fails ? { fault: { status: 500, body: { error: { message: 'busy' } } } } : longAnswer(request)
			}
			const requests = Array.from({ length: count }, (_, index) => createRequest(index))
			const answers = await Promise.all(
				requests.map(async (request, index) => {
					const leaving = index % 5 === 4 ? AbortSignal.timeout(30) : undefined
					const options = leaving && { signal: leaving }
					return call(proxy, { ...request, stream: index % 2 === 0 }, options).catch(() => undefined)
				}),
			)
			for (const [index, answer] of answers.entries()) {
				if (!answer) continue
				expect(answer.status).toBe(200)
				const said = answer.text.match(/request \d+ answered /g) ?? []
				expect(said).toHaveLength(12_000)
				expect(new Set(said)).toEqual(new Set([`request ${index} answered `]))
			}
			expect(answers.filter(answer => answer !== undefined).length).toBeGreaterThanOrEqual(count - 5)
			for (const { rawBody, aborted } of upstream.requests) {
				if (aborted) continue
				const sent = JSON.parse(rawBody.toString()) as ReturnType<typeof createRequest>
				const index = Number(/request (\d+) /.exec(sent.messages[0]?.content ?? '')?.[1])
				expect(sent.messages).toEqual(createRequest(index).messages)
			}
		})

		test('what is recorded of them is what was sent', async () => {
			upstream.script({ fault: { status: 400, body: { error: { message: 'prompt is too long' } } } })
			const request = createRequest(7)
			const refused = await call(proxy, request)
			expect(refused.status).toBe(400)
			await proxy.services.flush()
			const path = `/requests/${refused.headers.get('request-id')}/payloads`
			const { clientRequest, upstreamRequest } = (await askAdmin(proxy, 'GET', path)).body
			const expected = JSON.stringify(request)
			for (const payload of [clientRequest, upstreamRequest]) {
				expect(payload.bytes).toBe(expected.length)
				expect(payload.text.length).toBeGreaterThan(60_000)
				expect(expected.startsWith(payload.text.slice(0, 60_000))).toBe(true)
			}
		})
	},
)

test('large requests and answers are converted whole, each with its own words', async () => {
	const [proxy, upstream] = await Promise.all([startProxy(), startOpenAiUpstream({ keys: [keys[0]] })])
	try {
		await proxy.use({ type: 'openai', baseUrl: upstream.url }, [keys[0]])
		upstream.onRequest = request => ({ text: [`${answerTo(request)}世 `.repeat(9000)] })
		const answers = await Promise.all(
			Array.from({ length: 12 }, (_, index) =>
				call(proxy, { ...createRequest(index), model: 'gpt-4o', stream: index % 2 === 0 }),
			),
		)
		for (const [index, { text }] of answers.entries()) {
			expect(new Set(text.match(/request \d+ answered .?/g))).toEqual(
				new Set([`request ${index} answered 世`]),
			)
			expect(text.match(/世/g)).toHaveLength(9000)
		}
		for (const { rawBody } of upstream.requests) {
			const words = rawBody.toString().match(/request \d+ says so/g) ?? []
			expect(new Set(words).size).toBe(1)
			expect(words.length).toBeGreaterThanOrEqual(6000)
		}
	} finally {
		await Promise.all([proxy.close(), upstream.close()])
	}
})
