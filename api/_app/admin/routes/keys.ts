import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { looksLike as findPresetOfKey } from '../../../../core/presets/key-guard.ts'
import type { JudgedKey } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { answerChange } from '../changes.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { makeChange } from '../make-change.ts'
import { createAdminRouter } from '../router.ts'
import {
	changedSchema,
	idList,
	keyId,
	keyList,
	keyParams,
	revision,
	shownKey,
	upstreamId,
	upstreamParams,
} from '../schemas.ts'

const tags = ['Keys']

const elsewhereSchema = z
	.array(z.object({ mask: z.string(), upstreamId: z.string(), upstreamName: z.string() }))
	.meta({ description: 'Keys that another upstream has too; they are added all the same.' })

const judgedSchema = z
	.object({
		mask: z.string().meta({ example: 'sk-ant-…9f2a' }),
		verdict: z.enum(['new', 'duplicate', 'elsewhere']),
		upstreamId: z.string().optional(),
		upstreamName: z.string().optional().meta({ description: 'Who has it already.' }),
		looksLike: z.string().optional().meta({ description: 'Whose key it seems to be, by its beginning.' }),
	})
	.meta({ id: 'JudgedKey' })

const addKeys = createRoute({
	...{ method: 'post', path: '/upstreams/{id}/keys', operationId: 'addKeys', tags },
	summary: 'Add keys behind those that an upstream has',
	request: { params: upstreamParams, body: jsonBody(z.strictObject({ keys: keyList })) },
	responses: {
		200: jsonAnswer(
			'Which were added, and which were there already',
			z.object({
				revision,
				added: z.array(shownKey),
				duplicates: z.array(shownKey),
				elsewhere: elsewhereSchema,
			}),
		),
		...errorResponses(400, 404, 409),
	},
})

const judgeKeys = createRoute({
	...{ method: 'post', path: '/keys/judge', operationId: 'judgeKeys', tags },
	summary: 'Say of keys whether they are new, without storing them',
	request: { body: jsonBody(z.strictObject({ upstreamId: upstreamId.optional(), keys: keyList })) },
	responses: {
		200: jsonAnswer('A verdict each, in the order given', z.object({ keys: z.array(judgedSchema) })),
		...errorResponses(400, 404),
	},
})

const changeKey = createRoute({
	...{ method: 'patch', path: '/keys/{id}', operationId: 'changeKey', tags },
	summary: 'Pause or resume a key',
	request: { params: keyParams, body: jsonBody(z.strictObject({ enabled: z.boolean() })) },
	responses: { 200: jsonAnswer('Changed', changedSchema), ...errorResponses(400, 404, 409) },
})

const removeKey = createRoute({
	...{ method: 'delete', path: '/keys/{id}', operationId: 'removeKey', tags },
	summary: 'Remove a key',
	description: 'It stays, sealed, in the revisions before: purge it when it leaked.',
	request: { params: keyParams },
	responses: { 200: jsonAnswer('Removed', changedSchema), ...errorResponses(400, 404, 409) },
})

const orderKeys = createRoute({
	...{ method: 'put', path: '/upstreams/{id}/keys/order', operationId: 'orderKeys', tags },
	summary: 'Set the order in which keys are tried',
	description: 'Keys that are not named keep their order behind the others.',
	request: { params: upstreamParams, body: jsonBody(z.strictObject({ ids: idList(keyId) })) },
	responses: { 200: jsonAnswer('Ordered', changedSchema), ...errorResponses(400, 404, 409) },
})

const purgedSchema = z.object({
	revision,
	places: z
		.array(
			z.object({
				...{ keyId: z.string(), mask: z.string(), upstreamId: z.string(), upstreamName: z.string() },
				wasInUse: z.boolean(),
				revisions: z.int().meta({ description: 'How many revisions had it.' }),
			}),
		)
		.meta({ description: 'Empty when it was purged before.' }),
	erased: z
		.boolean()
		.meta({ description: 'Whether the database file was rewritten; never true of a server’s.' }),
})

const purgeKey = createRoute({
	...{ method: 'post', path: '/keys/{id}/purge', operationId: 'purgeKey', tags },
	summary: 'Remove a leaked key everywhere',
	description: 'Also its sealed value in every revision: no restore brings it back.',
	request: { params: keyParams },
	responses: {
		200: jsonAnswer('Where it was, also in other upstreams', purgedSchema),
		...errorResponses(400, 404, 409),
	},
})

export function createKeyRoutes(services: AppServices) {
	const { repository } = services
	return createAdminRouter()
		.openapi(addKeys, async context => {
			const { id } = context.req.valid('param')
			const { keys } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.addKeys(id, keys, meta))
			const { added, duplicates, elsewhere } = made
			return answerChange(context, { revision: made.revision, added, duplicates, elsewhere })
		})
		.openapi(judgeKeys, async context => {
			const { upstreamId: id, keys } = context.req.valid('json')
			const judged = await repository.judgeKeys(keys, id)
			return context.json({ keys: judged.map((key, index) => nameVendor(key, keys[index] ?? '')) }, 200)
		})
		.openapi(changeKey, async context => {
			const { id } = context.req.valid('param')
			const { enabled } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.setKeyEnabled(id, enabled, meta))
			return answerChange(context, { revision: made.revision })
		})
		.openapi(removeKey, async context => {
			const { id } = context.req.valid('param')
			const made = await makeChange(services, context, (to, meta) => to.removeKey(id, meta))
			return answerChange(context, { revision: made.revision })
		})
		.openapi(orderKeys, async context => {
			const { id } = context.req.valid('param')
			const { ids } = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.reorderKeys(id, ids, meta))
			return answerChange(context, { revision: made.revision })
		})
		.openapi(purgeKey, async context => {
			const { id } = context.req.valid('param')
			const made = await makeChange(services, context, (to, meta) => to.purgeKey(id, meta))
			return answerChange(context, made)
		})
}

function nameVendor(judged: JudgedKey, secret: string) {
	const looksLike = findPresetOfKey(secret)?.name
	return { ...judged, ...(looksLike !== undefined && { looksLike }) }
}
