import { maskInText } from '../../../core/keys/mask.ts'
import { isUsable } from '../../../core/keys/strategy.ts'
import type { AppServices } from '../services.ts'

/** What `GET /health?deep=1` adds: the database asked, the current upstream called with its first usable key. */
export interface DeepHealth {
	database: { ok: boolean; ms: number; error?: string }
	/** Any HTTP answer proves the way there; `status` tells what it was. Null when nothing could be called. */
	upstream: { name: string; ok: boolean; ms: number; status?: number; error?: string } | null
}

const probeSilenceMs = 10_000

/** Costs a trip to each: asked for with a key, never by itself. Key health stays as it is. */
export async function readDeepHealth(services: AppServices): Promise<DeepHealth> {
	const [database, upstream] = await Promise.all([checkDatabase(services), probeCurrent(services)])
	return { database, upstream }
}

async function checkDatabase({ database }: AppServices): Promise<DeepHealth['database']> {
	const started = performance.now()
	const error = await database.execute('SELECT 1').then(
		() => undefined,
		(reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
	)
	const ms = Math.round(performance.now() - started)
	return { ok: error === undefined, ms, ...(error !== undefined && { error }) }
}

async function probeCurrent({ config, proxy }: AppServices): Promise<DeepHealth['upstream']> {
	const snapshot = await Promise.resolve(config.current()).catch(() => undefined)
	const upstream = snapshot?.upstreams.find(({ id }) => id === snapshot.currentUpstreamId)
	const adapter = upstream && proxy.findAdapter(upstream.type)
	const key = upstream?.keys.find(isUsable)
	if (!upstream || !adapter || !key) return null
	const outgoing = adapter.probe(upstream)
	const headers = {
		...outgoing.headers,
		...adapter.authHeaders(key.secret, upstream),
		...upstream.extraHeaders,
	}
	const { insecureSkipVerify, proxyUrl, name } = upstream
	const started = performance.now()
	const result = await new Promise<{ status: number } | { error: string }>(resolve => {
		const exchange = proxy.transport(
			{ ...outgoing, headers },
			{ insecureSkipVerify, proxyUrl, silenceMs: probeSilenceMs },
			{
				head: status => {
					resolve({ status })
					exchange.abort()
				},
				data() {},
				ended() {},
				failed: fault => resolve({ error: maskInText(fault.message, key.secret) }),
			},
		)
	})
	const ms = Math.round(performance.now() - started)
	return { name, ok: 'status' in result && result.status < 400, ms, ...result }
}
