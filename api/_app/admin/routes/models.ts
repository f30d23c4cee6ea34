import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { createModelCatalog } from '../../../../core/proxy/model-catalog.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { findAdapterOf, findSnapshot } from '../find-snapshot.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'

const upstreamModelSchema = z
	.object({
		id: z.string(),
		name: z.string().optional().meta({ description: 'Where it differs from the id.' }),
	})
	.meta({ id: 'UpstreamModel' })

const listModels = createRoute({
	method: 'get',
	path: '/upstreams/{id}/models',
	operationId: 'listUpstreamModels',
	tags: ['Upstreams'],
	summary: 'The models of an upstream, asked now',
	request: { params: z.object({ id: z.string() }) },
	responses: {
		200: jsonAnswer(
			'The upstream’s own list; without one, the right side of its model map',
			z.object({ models: z.array(upstreamModelSchema), source: z.enum(['upstream', 'map']) }),
		),
		...errorResponses(400, 404, 502),
	},
})

/** What an upstream can be asked for. Key health stays as it is. */
export function createUpstreamModelsRoutes(services: AppServices) {
	return createAdminRouter().openapi(listModels, async context => {
		const { snapshot, upstream } = await findSnapshot(services, context.req.valid('param').id)
		const adapter = findAdapterOf(services, upstream.type)
		const listing = await createModelCatalog(services.proxy).list(snapshot, upstream, adapter)
		if (listing.models) {
			const models = listing.models.map(({ id, display_name: name }) => ({
				id,
				...(name !== id && { name }),
			}))
			return context.json({ models, source: 'upstream' as const }, 200)
		}
		const { problem, failure } = listing
		if (problem !== undefined) {
			const extra = { class: failure?.class, upstreamStatus: failure?.status }
			throw new AdminError(502, 'failed', `the list of models could not be had: ${problem}`, extra)
		}
		const models = [...new Set(Object.values(upstream.modelMap))].map(id => ({ id }))
		return context.json({ models, source: 'map' as const }, 200)
	})
}
