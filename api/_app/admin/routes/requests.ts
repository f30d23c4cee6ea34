import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { createFindPrice } from '../../../../core/usage/cost.ts'
import {
	requestDetailSchema,
	requestViewSchema,
	toRequestDetail,
	toRequestView,
} from '../../../../core/views/request-view.ts'
import {
	clearRequests,
	findRequest,
	findRequests,
	type ListOptions,
	readPriceOverrides,
} from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { epochMsParam, flagParam, nameParam } from '../schemas.ts'

const tags = ['Requests']

const filterFields = {
	from: epochMsParam.optional(),
	to: epochMsParam.optional(),
	outcome: z
		.enum(['ok', 'failed', 'cancelled', 'refused'])
		.optional()
		.meta({ description: '`failed` is all that did not end well, refusals included.' }),
	class: nameParam.optional().meta({ description: 'Class of the failure, or `refused`.' }),
	upstream: nameParam.optional().meta({ description: 'Id.' }),
	model: nameParam.optional().meta({ description: 'As the client asked or as sent upstream.' }),
	key: nameParam.optional().meta({ description: 'Id.' }),
	stream: flagParam.optional(),
	notes: flagParam.optional().meta({ description: 'Whether something was changed on the way.' }),
	retried: flagParam.optional().meta({ description: 'Whether more than one attempt was made.' }),
	minMs: z.coerce.number().int().min(0).optional().meta({ description: 'Took at least so long.' }),
	text: nameParam.optional().meta({
		description: 'Somewhere in the id, models, names of upstream, key and client, session, error.',
	}),
}

const listRequests = createRoute({
	...{ method: 'get', path: '/requests', operationId: 'listRequests', tags },
	summary: 'Requests that fit, newest first',
	request: {
		query: z.strictObject({
			limit: z.coerce.number().int().min(1).max(500).default(50),
			before: z.string().max(40).optional().meta({ description: '`next` of the page before.' }),
			after: nameParam.optional().meta({
				description: 'Only what was written after the request of this id, the latest writing first.',
			}),
			...filterFields,
		}),
	},
	responses: {
		200: jsonAnswer(
			'A page; `next` leads to older ones',
			z.object({ requests: z.array(requestViewSchema), next: z.string().nullable() }),
		),
		...errorResponses(400),
	},
})

const requestParams = z.object({ id: nameParam })

const readRequest = createRoute({
	...{ method: 'get', path: '/requests/{id}', operationId: 'readRequest', tags },
	summary: 'Everything that is known of a request but its bodies',
	request: { params: requestParams },
	responses: {
		200: jsonAnswer('The request', z.object({ request: requestDetailSchema })),
		...errorResponses(400, 404),
	},
})

const deleteRequests = createRoute({
	...{ method: 'delete', path: '/requests', operationId: 'deleteRequests', tags },
	summary: 'Delete the request log and all recorded bodies',
	request: {
		body: jsonBody(
			z.strictObject({
				confirm: z.literal('delete all logs'),
				usage: z.boolean().optional().meta({ description: 'True: what they add up to goes as well.' }),
			}),
		),
	},
	responses: {
		200: jsonAnswer('How many requests it were', z.object({ deleted: z.int() })),
		...errorResponses(400),
	},
})

/** The request log. */
export function createRequestRoutes(services: AppServices) {
	const { database } = services
	const readPrices = async () => createFindPrice(await readPriceOverrides(database))
	return createAdminRouter()
		.openapi(listRequests, async context => {
			const options = givenOnly(context.req.valid('query'))
			const [page, findPrice] = await Promise.all([findRequests(database, options), readPrices()])
			const requests = page.requests.map(request => toRequestView(request, findPrice))
			return context.json({ requests, next: page.next ?? null }, 200)
		})
		.openapi(readRequest, async context => {
			const { id } = context.req.valid('param')
			const [request, findPrice] = await Promise.all([findRequest(database, id), readPrices()])
			if (!request)
				throw new AdminError(404, 'not-found', 'there is no such request, or it is no longer kept')
			return context.json({ request: toRequestDetail(request, findPrice) }, 200)
		})
		.openapi(deleteRequests, async context => {
			const { usage = false } = context.req.valid('json')
			// What is still in memory would come back otherwise.
			await services.flush()
			return context.json({ deleted: await clearRequests(database, { usage }) }, 200)
		})
}

function givenOnly(query: z.infer<(typeof listRequests)['request']['query']>): ListOptions {
	return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}
