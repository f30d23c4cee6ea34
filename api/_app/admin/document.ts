import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Schema } from './reference/schema-text.ts'
import type { AdminEnv } from './router.ts'

/** OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.0 */
export type ApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>

const description = `Configures and watches claude-proxy. Every route but signing in asks for the session cookie, or for the admin key
as Bearer token or \`x-api-key\`. With the cookie, every method but GET needs \`x-claude-proxy-admin: 1\`.

Bodies and answers are JSON; times are epoch milliseconds by the database's clock; unknown fields are refused. Every change of
the configuration answers with its new \`revision\`, also as \`etag\`. Sent back as \`if-match\`, it makes the next change fail
with 409 when somebody else was faster; without it, the change is worked out on what is there. \`x-change-message\`
(percent-encoded, at most 200 characters) becomes the revision's message. Errors carry a \`code\` for programs and a
\`message\` for people. No answer but an export with keys ever holds an upstream key.`

/** Describes every route of an app. */
export function describeApi(app: OpenAPIHono<AdminEnv>, version: string): ApiDocument {
	const document = app.getOpenAPI31Document({
		openapi: '3.1.0',
		info: {
			title: 'claude-proxy admin API',
			version,
			description,
			license: { name: 'MIT' },
		},
		servers: [{ url: '/' }],
		security: [{ session: [] }, { bearer: [] }, { apiKey: [] }],
	})
	return { ...document, paths: mendParameters(document.paths) }
}

/**
 * A schema that coerces text makes the generator call its parameter optional and nullable. A part of a path is neither,
 * and no text is null.
 */
function mendParameters(paths: ApiDocument['paths']): ApiDocument['paths'] {
	const mend = (_name: string, value: unknown) => {
		if (!isParameter(value)) return value
		return { ...value, ...(value.in === 'path' && { required: true }), schema: withoutNull(value.schema) }
	}
	return JSON.parse(JSON.stringify(paths ?? {}, mend))
}

interface Parameter {
	in: string
	schema: Schema
}

const isParameter = (value: unknown): value is Parameter =>
	typeof value === 'object' && value !== null && 'in' in value && 'schema' in value

function withoutNull(schema: Schema): Schema {
	const { type, anyOf } = schema
	if (Array.isArray(type)) return { ...schema, type: type.filter(one => one !== 'null') }
	if (!anyOf) return schema
	return { ...schema, anyOf: anyOf.filter(one => one.type !== 'null').map(withoutNull) }
}

/** The ways to prove who one is, under the names that `security` uses. */
export function registerSecuritySchemes({ openAPIRegistry }: OpenAPIHono<AdminEnv>): void {
	const register = openAPIRegistry.registerComponent.bind(openAPIRegistry, 'securitySchemes')
	register('session', {
		...{ type: 'apiKey', in: 'cookie', name: 'claude_proxy_session' },
		description: 'Set by `POST /api/session`',
	})
	register('bearer', { type: 'http', scheme: 'bearer', description: 'The admin key' })
	register('apiKey', { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The admin key' })
}
