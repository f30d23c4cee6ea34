import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { keyScopeViewSchema } from '../../../../core/views/key-view.ts'
import type { AppServices } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { useNow } from '../make-change.ts'
import { createAdminRouter } from '../router.ts'
import { epochMs, keyParams } from '../schemas.ts'

const tags = ['Keys']

const eventSchema = z
	.object({
		at: epochMs,
		kind: z.enum(['failed', 'probe', 'recovered', 'cleared', 'demoted', 'promoted']),
		scope: z.string().meta({ description: 'Empty for the key as a whole, else the model.' }),
		count: z.int().meta({ description: 'Failures of an incident, or incidents that ended.' }),
		class: keyScopeViewSchema.shape.lastClass,
		status: z.int().meta({ description: '0 where there was none.' }),
		message: z.string().meta({ description: 'The upstream’s words, without keys.' }),
		cooldownUntil: epochMs,
		author: z.string().meta({ description: 'Who did it, for what a person did; else empty.' }),
		fromPosition: z.int().optional().meta({ description: 'For what moved the key: where it stood before.' }),
	})
	.meta({ id: 'KeyEvent' })

const clearKey = createRoute({
	...{ method: 'post', path: '/keys/{id}/clear', operationId: 'clearKey', tags },
	summary: 'End a key’s cooldowns, or the one of a scope',
	description: 'State, not configuration: it makes no revision.',
	request: {
		params: keyParams,
		body: jsonBody(
			z.strictObject({
				scope: z
					.string()
					.max(200)
					.optional()
					.meta({ description: 'Empty for the key as a whole, else a model.' }),
			}),
		),
	},
	responses: {
		200: jsonAnswer('The scopes that were cleared', z.object({ cleared: z.array(z.string()) })),
		...errorResponses(400, 404),
	},
})

const listEvents = createRoute({
	...{ method: 'get', path: '/keys/{id}/events', operationId: 'listKeyEvents', tags },
	summary: 'What happened to a key, newest first',
	request: {
		params: keyParams,
		query: z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(50) }),
	},
	responses: {
		200: jsonAnswer('Its events', z.object({ events: z.array(eventSchema) })),
		...errorResponses(400, 404),
	},
})

const undoDemotion = createRoute({
	...{ method: 'post', path: '/keys/{id}/undo-demotion', operationId: 'undoDemotion', tags },
	summary: 'Put a key back where it stood before its last demotion',
	description: 'State, not configuration: it makes no revision.',
	request: { params: keyParams },
	responses: {
		200: jsonAnswer('False when it stands there already', z.object({ moved: z.boolean() })),
		...errorResponses(400, 404),
	},
})

/** The history of a key's health, and what a person can do about it. None of it makes a revision. */
export function createKeyStateRoutes(services: AppServices) {
	const { repository } = services
	return createAdminRouter()
		.openapi(clearKey, async context => {
			const { id } = context.req.valid('param')
			const { scope } = context.req.valid('json')
			const options = { author: 'web' as const, ...(scope !== undefined && { scope }) }
			const { cleared } = await repository.clearCooldown(id, options)
			await useNow(services)
			return context.json({ cleared }, 200)
		})
		.openapi(listEvents, async context => {
			const { id } = context.req.valid('param')
			const { limit } = context.req.valid('query')
			return context.json({ events: await repository.listKeyEvents(id, { limit }) }, 200)
		})
		.openapi(undoDemotion, async context => {
			const { id } = context.req.valid('param')
			const { moved } = await repository.undoDemotion(id, { author: 'web' })
			await useNow(services)
			return context.json({ moved }, 200)
		})
}
