import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Usage } from '../../core/messages/events.ts'
import type { RequestView } from '../../core/views/request-view.ts'
import { askAdmin } from '../support/admin.ts'
import { type Called, call, readEvents } from '../support/call.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { type ContractCase, loadCases } from './cases.ts'
import { type Repeater, startRepeater } from './repeater.ts'
import { contractTypes } from './types.ts'

/** Each kind of token costs another amount, so that none can stand for another. */
const price = { input: 3, output: 17, cacheRead: 0.5, cacheWrite: 5 }

interface Answered {
	name: string
	called: Called
	/** What the client was told. */
	told: Usage | undefined
	/** What the upstream said. */
	upstream: string
	failed: boolean
}

/** What the log says must be what the client was told: of every case, in one piece and as a stream. */
describe.each(contractTypes)('the log of $name', type => {
	const cases = loadCases(type.name).cases.filter(({ upstreamRequest }) => !upstreamRequest.refused)
	let proxy: TestProxy
	let upstream: Repeater

	beforeAll(async () => {
		upstream = await startRepeater()
		proxy = await startProxy({ LOG_LEVEL: 'error' })
		await proxy.use({ type: type.name, baseUrl: upstream.url })
		await askAdmin(proxy, 'PATCH', '/settings', { prices: [{ model: '*', ...price }] })
	})
	afterAll(async () => {
		await proxy.close()
		await upstream.close()
	})

	test('tells the tokens, the cost and the tool calls of every answer in one piece', async () => {
		await expectLogged(
			cases.filter(one => one.answer !== undefined),
			async one => {
				upstream.answer = { contentType: 'application/json', body: JSON.stringify(one.answer) }
				const called = await call(proxy, { ...one.request, stream: false })
				return { called, told: called.body?.usage }
			},
		)
	})

	test('tells the tokens, the cost and the tool calls of every stream', async () => {
		await expectLogged(
			cases.filter(one => one.stream !== undefined),
			async one => {
				upstream.answer = { contentType: 'text/event-stream', body: one.stream as string }
				const called = await call(proxy, { ...one.request, stream: true })
				const last = readEvents(called.text).findLast(({ usage }) => usage !== undefined)
				return { called, told: last?.usage as Usage | undefined }
			},
		)
	})

	async function expectLogged(
		wanted: readonly ContractCase[],
		ask: (one: ContractCase) => Promise<Pick<Answered, 'called' | 'told'>>,
	): Promise<void> {
		const answers: Answered[] = []
		for (const one of wanted) {
			const common = { name: one.name, failed: one.error !== undefined }
			answers.push({ ...common, ...(await ask(one)), upstream: upstream.answer.body })
		}
		await proxy.services.requestLog.flush()
		const { requests } = (await askAdmin(proxy, 'GET', '/requests?limit=500')).body
		const byId = new Map((requests as RequestView[]).map(request => [request.id, request]))
		const compared = answers.map(one => {
			const logged = byId.get(one.called.headers.get('request-id') ?? '')
			return { name: one.name, logged: pick(logged), expected: expectedOf(one, logged) }
		})
		expect(compared.length).toBeGreaterThan(40)
		expect(compared.map(({ name, logged }) => ({ name, ...logged }))).toEqual(
			compared.map(({ name, expected }) => ({ name, ...expected })),
		)
		const told = compared.filter(({ logged }) => logged.usage !== null)
		expect(told.length / compared.length).toBeGreaterThan(0.7)
	}
})

type Logged = Pick<RequestView, 'outcome' | 'usage' | 'costMicros'> & { toolCalls?: number }

function pick(logged: RequestView | undefined): Logged {
	if (!logged) throw new Error('a request is not in the log')
	const { outcome, usage, costMicros: cost, toolCalls } = logged
	return { outcome, usage, costMicros: cost, ...(outcome === 'ok' && { toolCalls }) }
}

function expectedOf({ called, told, upstream, failed }: Answered, logged: RequestView | undefined): Logged {
	const outcome = failed ? 'failed' : 'ok'
	const calls = called.text.match(/"type":"tool_use"/g)?.length ?? 0
	const common = { outcome, ...(outcome === 'ok' && { toolCalls: calls }) } as const
	// An upstream that counts nothing: the client needs some number and gets our estimate, the log has none.
	const counted = /"(?:completion_tokens|output_tokens|candidatesTokenCount)":\s*[1-9]/.test(upstream)
	const untold = told === undefined || (!counted && logged?.usage === null)
	// An error tells the client no tokens, but what they cost follows from them all the same.
	if (untold) return { ...common, ...priced(failed ? (logged?.usage ?? null) : null) }
	return {
		...common,
		...priced({
			inputTokens: told.input_tokens,
			outputTokens: told.output_tokens,
			cacheReadTokens: told.cache_read_input_tokens ?? 0,
			cacheWriteTokens: told.cache_creation_input_tokens ?? 0,
			reasoningTokens: told.output_tokens_details?.thinking_tokens ?? 0,
		}),
	}
}

/** Reckoned apart from the code that is tested. */
function priced(usage: RequestView['usage']): Pick<RequestView, 'usage' | 'costMicros'> {
	if (!usage) return { usage, costMicros: null }
	const cost =
		usage.inputTokens * price.input +
		usage.outputTokens * price.output +
		usage.cacheReadTokens * price.cacheRead +
		usage.cacheWriteTokens * price.cacheWrite
	return { usage, costMicros: Math.round(cost) }
}
