import type { Context, Hono } from 'hono'
import type { HeaderMap } from '../../../core/upstreams/contract.ts'
import { isAuthorized, presentedKeys } from '../access-key.ts'
import { addGauges } from '../metrics/gauges.ts'
import type { AppServices } from '../services.ts'

/** `GET /metrics` for Prometheus, with METRICS_KEY or the admin key. The figures are this process's own. */
export function addMetrics(app: Hono, services: AppServices): void {
	const { observation, environment } = services
	const { registry } = observation.metrics
	addGauges(registry, services)
	const judgeAdminKey = createAdminJudge(services)
	app.get('/metrics', async context => {
		const headers = Object.fromEntries(context.req.raw.headers)
		const known = isAuthorized(headers, environment.METRICS_KEY ?? '')
		const refusal = known ? undefined : await judgeAdminKey(context, headers)
		if (refusal) return refusal
		observation.incidents.look()
		return new Response(registry.text(), {
			headers: {
				'content-type': 'text/plain; version=0.0.4; charset=utf-8',
				'cache-control': 'no-store',
			},
		})
	})
}

/** Guessing the admin key here is as slow as it is at the admin API. Resolves with a refusal, or undefined. */
function createAdminJudge(services: AppServices) {
	const load = async () => {
		const [errors, address, { createThrottle }] = await Promise.all([
			import('../admin/errors.ts'),
			import('../admin/client-address.ts'),
			import('../admin/throttle.ts'),
		])
		return { ...errors, ...address, throttle: createThrottle(services) }
	}
	let loading: ReturnType<typeof load> | undefined
	return async (context: Context, headers: HeaderMap): Promise<Response | undefined> => {
		loading ??= load()
		const { AdminError, adminErrorResponse, readClientAddress, throttle } = await loading
		const message = 'send the METRICS_KEY or the ADMIN_ACCESS_KEY as Bearer token'
		try {
			if (presentedKeys(headers).length === 0) throw new AdminError(401, 'unauthorized', message)
			const isRight = () => isAuthorized(headers, services.accessKeys.admin)
			const { right } = await throttle.judge(readClientAddress(context, services.environment), isRight)
			if (!right) throw new AdminError(401, 'unauthorized', message)
			return undefined
		} catch (error) {
			return adminErrorResponse(error, services.proxy.random.id('req'))
		}
	}
}
