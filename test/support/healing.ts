import { listRequests } from '../../db/index.ts'
import { call, hello } from './call.ts'
import { startProxy, type TestProxy } from './proxy.ts'
import type { RecordedRequest, ScriptedUpstream } from './upstreams/index.ts'

/** A proxy with one upstream, for tests of what it learns from refusals. */
export interface HealingSetup {
	proxy: TestProxy
	upstream: ScriptedUpstream
	/** The upstream's id. */
	id: string
	/** The same request twice: how many the upstream gets for each, and the answers. */
	callTwice(
		body?: object | string,
		headers?: Record<string, string>,
	): Promise<{ first: Answer; second: Answer; counts: number[] }>
	/** The upstream refuses with a message whatever the check says, and echoes the rest. */
	refuseWhen(check: (body: never) => boolean, message: string, status?: number): void
	/** The latest record of the request log. */
	latestRecord(): ReturnType<typeof latestOf>
	/** What is stored of the upstream. */
	facts(): Promise<Record<string, unknown>[]>
	close(): Promise<void>
}

type Answer = Awaited<ReturnType<typeof call>>

export async function setUpHealing(
	type: string,
	starting: Promise<ScriptedUpstream>,
	keys?: string[],
): Promise<HealingSetup> {
	const [proxy, upstream] = await Promise.all([startProxy(), starting])
	const id = await proxy.use({ type, baseUrl: upstream.url }, keys)
	return {
		...{ proxy, upstream, id },
		async callTwice(body = hello, headers = {}) {
			const first = await call(proxy, body, { headers })
			const count = upstream.requests.length
			await proxy.settle()
			const second = await call(proxy, body, { headers })
			return { first, second, counts: [count, upstream.requests.length - count] }
		},
		refuseWhen(check, message, status = 400) {
			const fault = { status, body: { error: { message, type: 'invalid_request_error' } } }
			upstream.onRequest = request => (check(request.body as never) ? { fault } : undefined)
		},
		latestRecord: () => latestOf(proxy),
		async facts() {
			await proxy.services.config.flush()
			const facts = await proxy.repository.listFacts(id)
			return facts.map(({ model, fact }) => ({ model, ...fact }))
		},
		async close() {
			await Promise.all([proxy.close(), upstream.close()])
		},
	}
}

async function latestOf(proxy: TestProxy) {
	await proxy.services.requestLog.flush()
	const [row] = await listRequests(proxy.services.database, { limit: 1 })
	return row
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of any dialect are looked into
export const bodyOf = (request: RecordedRequest | undefined): any => request?.body
