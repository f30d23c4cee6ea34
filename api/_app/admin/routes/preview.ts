import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { redactUrl } from '../../../../core/config/redact.ts'
import { upstreamInputSchema } from '../../../../core/config/upstream.ts'
import type { AppServices } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { findAdapterOf } from '../find-snapshot.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { createAdminRouter } from '../router.ts'

const { type, baseUrl } = upstreamInputSchema.shape

const previewUrls = createRoute({
	method: 'post',
	path: '/upstreams/preview',
	operationId: 'previewUpstream',
	tags: ['Upstreams'],
	summary: 'Which URLs an upstream would be called at; nothing is called or stored',
	request: {
		body: jsonBody(z.strictObject({ type, baseUrl, model: z.string().min(1).max(200).optional() })),
	},
	responses: {
		200: jsonAnswer(
			'The URLs, without secrets',
			z.object({
				messagesUrl: z.string().meta({ example: 'https://api.openai.com/v1/chat/completions' }),
				modelsUrl: z.string().meta({ description: 'Empty for types that have no list of models.' }),
			}),
		),
		...errorResponses(400),
	},
})

/** The URL rules of the upstream types, for forms. */
export function createPreviewRoutes(services: AppServices) {
	return createAdminRouter().openapi(previewUrls, context => {
		const { model = '<model>', ...given } = context.req.valid('json')
		const adapter = findAdapterOf(services, given.type)
		const target = { baseUrl: given.baseUrl, authStyle: 'auto', extraHeaders: {} } as const
		const messagesUrl = redactUrl(adapter.messagesUrl(given.baseUrl, { model, stream: true }))
		const modelsUrl = redactUrl(adapter.models?.buildRequest(target).url ?? '')
		return context.json({ messagesUrl: messagesUrl.replace('%3Cmodel%3E', '<model>'), modelsUrl }, 200)
	})
}
