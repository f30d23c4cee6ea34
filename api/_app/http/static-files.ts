import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono, MiddlewareHandler } from 'hono'

/** Told to every page: no framing, no guessing of types, no address of ours to other sites. */
const safetyHeaders = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'no-referrer',
}

/** Paths that belong to the API: a page there would hide a mistake from a client. */
const apiPath = /^\/(?:v1|api|admin|health)(?:\/|$)/

/** Serves the admin's build. Paths that name no file get its index.html, since the admin routes by itself. */
export function addStaticFiles(app: Hono, root: string): void {
	const files = withHeaders(serveStatic({ root }))
	const page = withHeaders(serveStatic({ root, path: 'index.html' }))
	app.get('*', (context, next) => (apiPath.test(context.req.path) ? next() : files(context, next)))
	app.get('*', (context, next) => {
		// A missing old asset must not be answered with a page.
		const wanted = !apiPath.test(context.req.path) && !context.req.path.startsWith('/_app/')
		return wanted ? page(context, next) : next()
	})
}

/** On the finished answer: what `onFound` sets comes too late for it (@hono/node-server 2.1). */
function withHeaders(serve: MiddlewareHandler): MiddlewareHandler {
	return async (context, next) => {
		const answer = await serve(context, next)
		if (!(answer instanceof Response)) return answer
		const immutable = context.req.path.startsWith('/_app/immutable/')
		answer.headers.set('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
		for (const [name, value] of Object.entries(safetyHeaders)) answer.headers.set(name, value)
		return answer
	}
}
