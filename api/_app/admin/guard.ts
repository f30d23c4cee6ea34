import type { Context, MiddlewareHandler } from 'hono'
import type { Environment } from '../../../core/config/environment.ts'
import type { AppServices } from '../services.ts'
import type { Authentication } from './authentication.ts'
import { isOwnOrigin } from './client-address.ts'
import { AdminError } from './errors.ts'
import type { AdminEnv } from './router.ts'

type Middleware = MiddlewareHandler<AdminEnv>

/** Nothing of the admin API is kept by caches, framed, or guessed to be another type. */
const safetyHeaders = {
	'cache-control': 'no-store',
	'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'no-referrer',
}

/** Gives each request its id, and each answer the headers that all have. */
export function createAnswerHeaders({ proxy }: AppServices): Middleware {
	return async (context, next) => {
		const requestId = proxy.random.id('req')
		context.set('requestId', requestId)
		await next()
		context.header('request-id', requestId)
		for (const [name, value] of Object.entries(safetyHeaders)) {
			// A page brings a policy of its own.
			if (!context.res.headers.has(name)) context.header(name, value)
		}
	}
}

/** Answers and preflights for the origins of ADMIN_ORIGINS; all others get no CORS header at all. */
export function createAdminCors({ environment }: AppServices): Middleware {
	return async (context, next) => {
		const origin = context.req.header('origin')
		const allowed = origin !== undefined && environment.ADMIN_ORIGINS.includes(origin)
		if (!allowed) {
			await next()
			return context.header('vary', 'Origin', { append: true })
		}
		const preflight = context.req.method === 'OPTIONS'
		if (preflight) context.res = new Response(null, { status: 204 })
		else await next()
		for (const [name, value] of Object.entries(corsHeaders(origin, preflight))) context.header(name, value)
	}
}

const corsHeaders = (origin: string, preflight: boolean): Record<string, string> => ({
	'access-control-allow-origin': origin,
	'access-control-allow-credentials': 'true',
	vary: 'Origin',
	...(preflight
		? {
				'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
				'access-control-allow-headers':
					'content-type, authorization, x-api-key, if-match, x-change-message, x-claude-proxy-admin',
				'access-control-max-age': '600',
			}
		: {
				'access-control-expose-headers':
					'etag, request-id, retry-after, content-disposition, x-claude-proxy-request-id',
			}),
})

/** The one route that asks for nothing: it is how one signs in. */
const openRoutes = ['POST /api/session']

/** Nobody passes without session or key, and no change by cookie without a sign that a page of ours made it. */
export function createGuard({ environment }: AppServices, authentication: Authentication): Middleware {
	return async (context, next) => {
		const { method, path } = context.req
		const changes = method !== 'GET' && method !== 'HEAD'
		if (openRoutes.includes(`${method} ${path}`)) {
			refuseForeignOrigin(context, environment)
			return next()
		}
		const caller = await authentication.identify(context)
		if (caller.kind === 'session' && changes) {
			if (context.req.header('x-claude-proxy-admin') !== '1')
				throw forbidden('a change by session needs the header x-claude-proxy-admin: 1')
			refuseForeignOrigin(context, environment)
		}
		context.set('caller', caller)
		return next()
	}
}

function refuseForeignOrigin(context: Context<AdminEnv>, environment: Environment): void {
	const origin = context.req.header('origin')
	if (origin === undefined || isOwnOrigin(context, origin, environment)) return
	if (!environment.ADMIN_ORIGINS.includes(origin))
		throw forbidden('pages of this origin may change nothing here: see ADMIN_ORIGINS')
}

const forbidden = (message: string) => new AdminError(403, 'forbidden', message)
