import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { describeFact } from '../../../../core/config/learned-facts.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { upstreamParams } from '../schemas.ts'

const factSchema = z
	.object({
		upstreamId: z.string(),
		model: z.string(),
		fact: z.looseObject({ kind: z.string() }),
		detail: z.string().meta({ description: 'What the proxy does since, in words' }),
		learnedAt: z.number().int(),
		expiresAt: z.number().int(),
	})
	.meta({ id: 'LearnedFact' })

const listFacts = createRoute({
	method: 'get',
	path: '/upstreams/{id}/learned-facts',
	operationId: 'listLearnedFacts',
	tags: ['Upstreams'],
	summary: 'What refusals of an upstream taught about its models',
	request: { params: upstreamParams },
	responses: {
		200: jsonAnswer('The facts that hold now', z.object({ facts: z.array(factSchema) })),
		...errorResponses(400, 404),
	},
})

const forgetFacts = createRoute({
	method: 'delete',
	path: '/upstreams/{id}/learned-facts',
	operationId: 'forgetLearnedFacts',
	tags: ['Upstreams'],
	summary: 'Forget them, for one model or for all',
	request: { params: upstreamParams, query: z.strictObject({ model: z.string().min(1).optional() }) },
	responses: {
		200: jsonAnswer('How many were forgotten', z.object({ forgotten: z.number().int() })),
		...errorResponses(400, 404),
	},
})

/** What the proxy has learned of an upstream's models, and how to make it forget. State: makes no revision. */
export function createLearnedFactsRoutes({ repository }: AppServices) {
	const findUpstream = async (id: string): Promise<string> => {
		const { upstreams } = await repository.read()
		if (!upstreams.some(upstream => upstream.id === id))
			throw new AdminError(404, 'not-found', 'there is no such upstream')
		return id
	}

	return createAdminRouter()
		.openapi(listFacts, async context => {
			const stored = await repository.listFacts(await findUpstream(context.req.valid('param').id))
			const facts = stored.map(one => ({ ...one, detail: describeFact(one.fact).detail }))
			return context.json({ facts }, 200)
		})
		.openapi(forgetFacts, async context => {
			const id = await findUpstream(context.req.valid('param').id)
			const forgotten = await repository.forgetFacts(id, context.req.valid('query').model)
			return context.json({ forgotten }, 200)
		})
}
