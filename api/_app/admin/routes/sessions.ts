import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { listLoginFailures } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import type { Authentication } from '../authentication.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { clearSessionCookie } from '../session-cookie.ts'

const tags = ['Sessions']
const time = z.number().int()

const signInRoute = createRoute({
	method: 'post',
	path: '/session',
	operationId: 'signIn',
	tags,
	summary: 'Sign in with the admin key: answers with the session cookie',
	security: [],
	request: {
		body: jsonBody(
			z.strictObject({
				key: z.string().min(1).max(4096),
				remember: z.boolean().default(false).meta({ description: '30 days instead of 12 hours' }),
			}),
		),
	},
	responses: {
		200: jsonAnswer(
			'Signed in; the cookie is set',
			z.object({ session: z.object({ id: z.string(), createdAt: time, expiresAt: time }) }),
		),
		...errorResponses(400),
	},
})

const readRoute = createRoute({
	method: 'get',
	path: '/session',
	operationId: 'readSession',
	tags,
	summary: 'Who is asking, and what is answering',
	responses: {
		200: jsonAnswer(
			'Signed in, or holding the key',
			z.object({
				kind: z.enum(['session', 'key']),
				id: z.string().optional(),
				expiresAt: time.optional(),
				version: z.string(),
				mode: z.string().meta({ description: 'NODE_ENV' }),
			}),
		),
		...errorResponses(),
	},
})

const revokedSchema = z.object({ revoked: z.number().int().meta({ description: 'How many sessions ended' }) })

const signOutRoute = createRoute({
	method: 'delete',
	path: '/session',
	operationId: 'signOut',
	tags,
	summary: 'End the session that asks',
	responses: { 200: jsonAnswer('Signed out; the cookie is gone', revokedSchema), ...errorResponses() },
})

const listRoute = createRoute({
	method: 'get',
	path: '/sessions',
	operationId: 'listSessions',
	tags,
	summary: 'Everybody who is signed in',
	responses: {
		200: jsonAnswer(
			'Newest first',
			z.object({
				sessions: z.array(
					z
						.object({
							id: z.string(),
							createdAt: time,
							expiresAt: time,
							lastSeenAt: time.meta({ description: 'Accurate to a minute' }),
							userAgent: z.string(),
							current: z.boolean().meta({ description: 'The session that asks' }),
						})
						.meta({ id: 'Session' }),
				),
			}),
		),
		...errorResponses(),
	},
})

const revokeRoute = createRoute({
	method: 'delete',
	path: '/sessions/{id}',
	operationId: 'revokeSession',
	tags,
	summary: 'End one session',
	request: { params: z.object({ id: z.string() }) },
	responses: { 200: jsonAnswer('It ended', revokedSchema), ...errorResponses(404) },
})

const revokeOthersRoute = createRoute({
	method: 'delete',
	path: '/sessions',
	operationId: 'revokeOtherSessions',
	tags,
	summary: 'End all sessions but the one that asks',
	responses: { 200: jsonAnswer('They ended', revokedSchema), ...errorResponses() },
})

const failures = {
	failures: z.number().int().meta({ description: 'Wrong keys in a row' }),
	at: time.meta({ description: 'Of the latest' }),
	blockedUntil: time
		.nullable()
		.meta({ description: 'No key is looked at before; null when it need not wait' }),
}

const failuresRoute = createRoute({
	method: 'get',
	path: '/login-failures',
	operationId: 'listLoginFailures',
	tags,
	summary: 'From where wrong admin keys came, within the hour that they are counted for',
	responses: {
		200: jsonAnswer(
			'The latest first, at most 100',
			z.object({
				now: time,
				addresses: z.array(
					z
						.object({
							address: z.string().meta({ description: 'IPv4, a /64 of IPv6, or `unknown`' }),
							...failures,
						})
						.meta({ id: 'LoginFailures' }),
				),
				everyone: z
					.object(failures)
					.nullable()
					.meta({ description: 'All addresses together; null when there were none' }),
			}),
		),
		...errorResponses(),
	},
})

/** Signing in and out, who else is in, and who tried to be. */
export function createSessionRoutes(
	{ version, environment, database }: AppServices,
	authentication: Authentication,
) {
	const { sessions } = authentication
	return createAdminRouter()
		.openapi(signInRoute, async context => {
			const { key, remember } = context.req.valid('json')
			const { id, createdAt, expiresAt } = await authentication.signIn(context, key, remember)
			return context.json({ session: { id, createdAt, expiresAt } }, 200)
		})
		.openapi(readRoute, context => {
			const caller = context.get('caller')
			return context.json({ ...caller, version, mode: environment.NODE_ENV }, 200)
		})
		.openapi(signOutRoute, async context => {
			const caller = context.get('caller')
			clearSessionCookie(context)
			const ended = caller.kind === 'session' && (await sessions.revoke(caller.id))
			return context.json({ revoked: ended ? 1 : 0 }, 200)
		})
		.openapi(listRoute, async context => {
			const caller = context.get('caller')
			const own = caller.kind === 'session' ? caller.id : undefined
			const listed = await sessions.list()
			return context.json({ sessions: listed.map(one => ({ ...one, current: one.id === own })) }, 200)
		})
		.openapi(failuresRoute, async context => context.json(await listLoginFailures(database), 200))
		.openapi(revokeRoute, async context => {
			const { id } = context.req.valid('param')
			if (!(await sessions.revoke(id))) throw new AdminError(404, 'not-found', 'there is no such session')
			return context.json({ revoked: 1 }, 200)
		})
		.openapi(revokeOthersRoute, async context => {
			const caller = context.get('caller')
			const revoked = await sessions.revokeOthers(caller.kind === 'session' ? caller.id : '')
			return context.json({ revoked }, 200)
		})
}
