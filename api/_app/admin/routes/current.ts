import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { strategySchema } from '../../../../core/config/upstream.ts'
import type { AppServices } from '../../services.ts'
import { answerChange } from '../changes.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { makeChange } from '../make-change.ts'
import { createAdminRouter } from '../router.ts'
import { changedSchema, upstreamId } from '../schemas.ts'

const tags = ['Upstreams']

const setCurrent = createRoute({
	...{ method: 'put', path: '/current', operationId: 'setCurrent', tags },
	summary: 'Choose the upstream that answers requests',
	request: { body: jsonBody(z.strictObject({ upstreamId })) },
	responses: { 200: jsonAnswer('Chosen', changedSchema), ...errorResponses(400, 404, 409) },
})

const setStrategy = createRoute({
	...{ method: 'put', path: '/strategy', operationId: 'setStrategy', tags },
	summary: 'Choose how the keys of the current upstream take turns',
	request: { body: jsonBody(z.strictObject({ strategy: strategySchema })) },
	responses: { 200: jsonAnswer('Chosen', changedSchema), ...errorResponses(400, 409) },
})

export function createCurrentRoutes(services: AppServices) {
	return createAdminRouter()
		.openapi(setCurrent, async context => {
			const { upstreamId: id } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.setCurrentUpstream(id, meta))
			return answerChange(context, { revision: made.revision })
		})
		.openapi(setStrategy, async context => {
			const { strategy } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.setStrategy(strategy, meta))
			return answerChange(context, { revision: made.revision })
		})
}
