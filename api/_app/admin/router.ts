import { OpenAPIHono } from '@hono/zod-openapi'
import { AdminError, type InvalidField } from './errors.ts'

/** Who makes a request: a browser that signed in, or whoever holds the admin key. */
export type Caller = { kind: 'session'; id: string; expiresAt: number } | { kind: 'key' }

export interface AdminEnv {
	Variables: {
		/** Set by the guard in front of every route but those listed as open there. */
		caller: Caller
		requestId: string
	}
}

/**
 * A router of the admin API: what a route's schemas refuse becomes a 400 `invalid`.
 *
 * How a resource is written (`routes/learned-facts.ts` is an example):
 * - one file `routes/<resource>.ts` exports `createXxxRoutes(services: AppServices)`, which returns
 *   `createAdminRouter().openapi(route, handler).openapi(route, handler)` as one chain, without a return type, so that
 *   `AdminApi` knows every route; `index.ts` mounts it with one line;
 * - a route is `createRoute({ method, path, operationId, tags, summary, request, responses })`, its path written as
 *   `/upstreams/{id}`; bodies by `jsonBody(schema)` and answers by `jsonAnswer(description, schema)` of `json.ts`;
 *   schemas come from plain zod, objects in requests are `z.strictObject`, and what deserves a name in the document
 *   gets it by `.meta({ id: 'Upstream' })` (not `.openapi()`: schemas of core do not have it);
 * - handlers answer `context.json(value, 200)` or `answerChange(context, result)`, and throw what goes wrong:
 *   DatabaseError, ProxyError and `AdminError` become the answers that `errorResponses(404, 409)` documents.
 */
export function createAdminRouter(): OpenAPIHono<AdminEnv> {
	return new OpenAPIHono<AdminEnv>({
		defaultHook: result => {
			if (!result.success) throw invalidInput(result.error.issues)
		},
	})
}

interface Issue {
	code?: string | undefined
	path: PropertyKey[]
	message: string
	keys?: string[]
}

/** Values are never quoted, since one may be a key; of unknown fields only what looks like a field's name is. */
export function invalidInput(issues: readonly Issue[]): AdminError {
	const fields = issues.map(toField)
	const [first] = fields
	const message = first === undefined ? 'the request is not valid' : describeField(first)
	return new AdminError(400, 'invalid', message, { fields })
}

function toField({ code, path, message, keys = [] }: Issue): InvalidField {
	const shown = path.map(showPart).join('.')
	if (code !== 'unrecognized_keys') return { path: shown, message }
	const names = keys.map(key => (/^[A-Za-z_]\w{0,23}$/.test(key) ? key : '…')).slice(0, 5)
	return { path: shown, message: `there is no such field: ${names.join(', ')}` }
}

/** Names of headers and models are people's: one that looks like no name may be a key. */
function showPart(part: PropertyKey): string {
	const text = String(part)
	return typeof part === 'number' || /^[A-Za-z_-]{1,40}$/.test(text) ? text : '…'
}

const describeField = ({ path, message }: InvalidField) => (path === '' ? message : `${path}: ${message}`)
