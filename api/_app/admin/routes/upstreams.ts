import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { hidden } from '../../../../core/config/redact.ts'
import { upstreamFields, upstreamInputSchema, upstreamPatchSchema } from '../../../../core/config/upstream.ts'
import { configViewSchema, toConfigView, upstreamViewSchema } from '../../../../core/views/upstream-view.ts'
import type { AppServices } from '../../services.ts'
import { answerChange } from '../changes.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { makeChange } from '../make-change.ts'
import { patchUpstream } from '../patch-upstream.ts'
import { createAdminRouter } from '../router.ts'
import {
	changedSchema,
	idList,
	keyList,
	revision,
	shownKey,
	upstreamId,
	upstreamParams,
	upstreamType,
} from '../schemas.ts'

const tags = ['Upstreams']
const oneSchema = z.object({ revision, upstream: upstreamViewSchema })

const newUpstream = upstreamInputSchema
	.extend({
		type: upstreamType,
		keys: keyList.optional(),
		makeCurrent: z.boolean().optional().meta({ description: 'The first upstream becomes current anyhow.' }),
	})
	.meta({ id: 'NewUpstream' })

const keptUrl = z.string().max(2048)

/** What is hidden from the editor comes back as it was shown: these fields are checked once it is put in again. */
const upstreamPatch = upstreamPatchSchema
	.extend({
		type: upstreamType.optional(),
		baseUrl: keptUrl.optional().meta({ example: upstreamFields.baseUrl.meta()?.example }),
		website: keptUrl.optional(),
		proxyUrl: keptUrl.optional(),
		extraHeaders: z
			.record(z.string(), z.string())
			.optional()
			.meta({ description: `${hidden} keeps the stored value.`, example: { 'x-team': hidden } }),
	})
	.meta({ id: 'UpstreamPatch' })

const listUpstreams = createRoute({
	...{ method: 'get', path: '/upstreams', operationId: 'listUpstreams', tags },
	summary: 'All upstreams with their keys and states',
	responses: { 200: jsonAnswer('The configuration', configViewSchema), ...errorResponses() },
})

const readUpstream = createRoute({
	...{ method: 'get', path: '/upstreams/{id}', operationId: 'readUpstream', tags },
	summary: 'One upstream',
	request: { params: upstreamParams },
	responses: { 200: jsonAnswer('The upstream', oneSchema), ...errorResponses(400, 404) },
})

const addUpstream = createRoute({
	...{ method: 'post', path: '/upstreams', operationId: 'addUpstream', tags },
	summary: 'Add an upstream, with keys if wanted',
	request: { body: jsonBody(newUpstream) },
	responses: {
		201: jsonAnswer(
			'Its id, and which keys were added; those given twice are `duplicates`',
			z.object({ revision, id: z.string(), added: z.array(shownKey), duplicates: z.array(shownKey) }),
		),
		...errorResponses(400, 409),
	},
})

const changeUpstream = createRoute({
	...{ method: 'patch', path: '/upstreams/{id}', operationId: 'changeUpstream', tags },
	summary: 'Change fields of an upstream',
	description: `Fields that are not given stay. Header values and URLs that come back as they were shown (${hidden}) stay too.`,
	request: { params: upstreamParams, body: jsonBody(upstreamPatch) },
	responses: { 200: jsonAnswer('Changed', changedSchema), ...errorResponses(400, 404, 409) },
})

const removeUpstream = createRoute({
	...{ method: 'delete', path: '/upstreams/{id}', operationId: 'removeUpstream', tags },
	summary: 'Remove an upstream and its keys',
	description: 'Restoring the revision before brings both back.',
	request: { params: upstreamParams },
	responses: { 200: jsonAnswer('Removed', changedSchema), ...errorResponses(400, 404, 409) },
})

const orderUpstreams = createRoute({
	...{ method: 'put', path: '/upstreams/order', operationId: 'orderUpstreams', tags },
	summary: 'Set the display order',
	description: 'Upstreams that are not named keep their order behind the others.',
	request: { body: jsonBody(z.strictObject({ ids: idList(upstreamId) })) },
	responses: { 200: jsonAnswer('Ordered', changedSchema), ...errorResponses(400, 404, 409) },
})

export function createUpstreamRoutes(services: AppServices) {
	const { repository } = services
	return createAdminRouter()
		.openapi(listUpstreams, async context => {
			const config = toConfigView((await repository.readOverview()).config)
			return answerChange(context, config)
		})
		.openapi(readUpstream, async context => {
			const { id } = context.req.valid('param')
			const config = toConfigView((await repository.readOverview()).config)
			const upstream = config.upstreams.find(candidate => candidate.id === id)
			if (upstream === undefined) throw new AdminError(404, 'not-found', 'there is no such upstream')
			return answerChange(context, { revision: config.revision, upstream })
		})
		.openapi(addUpstream, async context => {
			const { keys = [], makeCurrent = false, ...input } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) =>
				to.addUpstream(input, meta, keys, { makeCurrent }),
			)
			const { revision: made_, id, added, duplicates } = made
			return answerChange(context, { revision: made_, id, added, duplicates }, 201)
		})
		.openapi(changeUpstream, async context => {
			const { id } = context.req.valid('param')
			const patch = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => patchUpstream(to, id, patch, meta))
			return answerChange(context, { revision: made.revision })
		})
		.openapi(removeUpstream, async context => {
			const { id } = context.req.valid('param')
			const made = await makeChange(services, context, (to, meta) => to.removeUpstream(id, meta))
			return answerChange(context, { revision: made.revision })
		})
		.openapi(orderUpstreams, async context => {
			const { ids } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.orderUpstreams(ids, meta))
			return answerChange(context, { revision: made.revision })
		})
}
