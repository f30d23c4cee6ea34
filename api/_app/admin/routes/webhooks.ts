import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { webhookEvents, webhookInputSchema, webhookPatchSchema } from '../../../../core/config/webhook.ts'
import type { AppServices } from '../../services.ts'
import { sendTestMessage } from '../../webhooks/test-message.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { epochMs } from '../schemas.ts'

const tags = ['Webhooks']
const params = z.object({ id: z.string().max(100) })

const webhookSchema = z
	.object({
		id: z.string(),
		name: z.string(),
		url: z.string().meta({ description: 'Scheme and host; the rest may be a secret.' }),
		events: z.array(z.enum(webhookEvents)),
		enabled: z.boolean(),
		readable: z.boolean().meta({ description: 'False: sealed with an ENCRYPTION_KEY that is not at hand.' }),
		createdAt: epochMs,
		lastAt: z.int().meta({ description: 'When the latest delivery was over; 0: there was none.' }),
		lastStatus: z.int().meta({ description: 'The status that it was answered with; 0: none.' }),
		lastError: z.string(),
	})
	.meta({ id: 'Webhook' })

const listWebhooks = createRoute({
	...{ method: 'get', path: '/webhooks', operationId: 'listWebhooks', tags },
	summary: 'Who is told of incidents',
	responses: {
		200: jsonAnswer('All webhooks', z.object({ webhooks: z.array(webhookSchema) })),
		...errorResponses(),
	},
})

const addWebhook = createRoute({
	...{ method: 'post', path: '/webhooks', operationId: 'addWebhook', tags },
	summary: 'Tell another address; messages are signed after Standard Webhooks',
	request: { body: jsonBody(webhookInputSchema) },
	responses: {
		201: jsonAnswer(
			'Added; the secret is told now and never again',
			z.object({ id: z.string(), secret: z.string() }),
		),
		...errorResponses(400),
	},
})

const done = z.object({ id: z.string() })

const changeWebhook = createRoute({
	...{ method: 'patch', path: '/webhooks/{id}', operationId: 'changeWebhook', tags },
	summary: 'Change one; fields that are not given stay',
	request: { params, body: jsonBody(webhookPatchSchema) },
	responses: { 200: jsonAnswer('Changed', done), ...errorResponses(400, 404) },
})

const removeWebhook = createRoute({
	...{ method: 'delete', path: '/webhooks/{id}', operationId: 'removeWebhook', tags },
	summary: 'Tell it no more',
	request: { params },
	responses: { 200: jsonAnswer('Removed', done), ...errorResponses(404) },
})

const testWebhook = createRoute({
	...{ method: 'post', path: '/webhooks/{id}/test', operationId: 'testWebhook', tags },
	summary: 'Send it a message of type `test` now, once',
	request: { params },
	responses: {
		200: jsonAnswer(
			'How it was answered',
			z.object({ ok: z.boolean(), status: z.int(), error: z.string(), ms: z.int() }),
		),
		...errorResponses(404),
	},
})

/** Webhooks are no part of the configuration's history: an address with its secret should not live on in it. */
export function createWebhookRoutes({ observation, proxy }: AppServices) {
	const { webhooks, incidents, delivery } = observation
	return createAdminRouter()
		.openapi(listWebhooks, async context => context.json({ webhooks: await webhooks.list() }, 200))
		.openapi(addWebhook, async context => {
			const added = await webhooks.add(context.req.valid('json'))
			incidents.changed()
			return context.json(added, 201)
		})
		.openapi(changeWebhook, async context => {
			const { id } = context.req.valid('param')
			await webhooks.change(id, context.req.valid('json'))
			incidents.changed()
			return context.json({ id }, 200)
		})
		.openapi(removeWebhook, async context => {
			const { id } = context.req.valid('param')
			await webhooks.remove(id)
			incidents.changed()
			return context.json({ id }, 200)
		})
		.openapi(testWebhook, async context => {
			const result = await sendTestMessage(webhooks, delivery, context.req.valid('param').id, proxy.random)
			if (!result) throw new AdminError(404, 'not-found', 'there is no such webhook that could be opened')
			return context.json(result, 200)
		})
}
