import { type Context, Hono } from 'hono'
import { errorBody, errorTypeForStatus } from '../../core/messages/errors.ts'
import { ProxyError } from '../../core/proxy/errors.ts'
import { isAuthorized } from './access-key.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import { loadLater } from './load-later.ts'
import { readDeepHealth } from './routes/deep-health.ts'
import { answerHealth } from './routes/health.ts'
import { addMetrics } from './routes/metrics.ts'
import { isV1Path } from './routes/v1.ts'
import type { AppServices } from './services.ts'
import { showPath } from './show-path.ts'

/** Everything but the hot path. Static files are served in front of it (locally) or by the platform. */
export function createApp(services: AppServices): Hono {
	const { environment, proxy } = services
	const app = new Hono()

	app.use(async (context, next) => {
		const { path } = context.req
		if (!path.startsWith('/v1/') && !isV1Path(path)) return next()
		const headers = Object.fromEntries(context.req.raw.headers)
		if (context.req.method === 'OPTIONS') {
			return new Response(null, { status: 204, headers: preflightHeaders(environment, headers) })
		}
		await next()
		for (const [name, value] of Object.entries(corsHeaders(environment, headers))) context.header(name, value)
	})

	if (environment.HEALTH_CHECK_ENABLED) {
		app.on(['GET', 'OPTIONS'], environment.HEALTH_CHECK_PATH, async context => {
			const headers = Object.fromEntries(context.req.raw.headers)
			if (context.req.method === 'OPTIONS') {
				return new Response(null, { status: 204, headers: preflightHeaders(environment, headers) })
			}
			const { status, body, headers: told } = await answerHealth(services, headers)
			const deep = context.req.query('deep') && isAuthorized(headers, services.accessKeys.proxy)
			const more = deep ? { deep: await readDeepHealth(services) } : {}
			return context.json({ ...body, ...more }, status, told)
		})
	}

	addMetrics(app, services)

	const refuse = (status: number, message: string) => {
		const requestId = proxy.random.id('req')
		const body = errorBody({ type: errorTypeForStatus(status), message }, requestId)
		return Response.json(body, { status, headers: { 'request-id': requestId } })
	}
	const forward = forwardToAdmin(services)
	for (const path of adminPaths) app.all(path, context => forward(context))
	app.notFound(context =>
		refuse(404, `there is nothing at ${context.req.method} ${showPath(context.req.path)}`),
	)
	app.onError(error => {
		if (error instanceof ProxyError) return refuse(error.status, error.message)
		services.logger.error({ err: error }, 'a request failed')
		return refuse(500, 'the proxy failed on this request')
	})
	return app
}

/** Everything below is the admin's: no route there can be added without its guard. */
export const adminPaths = ['/api', '/api/*', '/admin', '/admin/*']

/** Loaded at the first request for it: an instance that starts for a message does not pay for it. */
function forwardToAdmin(services: AppServices): (context: Context) => Promise<Response> {
	const loadAdmin = loadLater(async () => (await import('./admin/index.ts')).createAdminApp(services))
	return async ({ req, env }) => (await loadAdmin()).fetch(req.raw, env)
}
