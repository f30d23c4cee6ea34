import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { redactUrlsIn } from '../../../../core/config/redact.ts'
import { configViewSchema, toConfigView } from '../../../../core/views/upstream-view.ts'
import type { Revision, RevisionConfig } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { changeMeta } from '../changes.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { useNow } from '../make-change.ts'
import { createAdminRouter } from '../router.ts'
import { changeSchema, epochMs, revision } from '../schemas.ts'

const tags = ['History']

const number = z.coerce.number().int().min(0).max(1e15)
const params = z.object({ revision: number })

const revisionSchema = z
	.object({
		revision: z.int(),
		at: epochMs,
		author: z.enum(['web', 'cli', 'import', 'system']),
		message: z.string().meta({ example: 'Changed timeoutMs of kimi' }),
		pinned: z.boolean().meta({ description: 'Pinned revisions are kept for ever.' }),
		restoredFrom: z.int().optional(),
		changes: z.array(changeSchema),
	})
	.meta({ id: 'Revision' })

const listRevisions = createRoute({
	...{ method: 'get', path: '/revisions', operationId: 'listRevisions', tags },
	summary: 'What was changed, newest first',
	request: {
		query: z.strictObject({
			limit: z.coerce.number().int().min(1).max(200).default(50),
			before: number.optional().meta({ description: 'Leaves out this revision and later ones.' }),
		}),
	},
	responses: {
		200: jsonAnswer(
			'A page of revisions',
			z.object({
				revisions: z.array(revisionSchema),
				kept: z.int().meta({ description: 'How many there are; older ones that were not pinned are gone.' }),
				total: z.int().meta({ description: 'How many there ever were.' }),
			}),
		),
		...errorResponses(400),
	},
})

const readRevision = createRoute({
	...{ method: 'get', path: '/revisions/{revision}', operationId: 'readRevision', tags },
	summary: 'A revision, and the configuration that it holds',
	request: { params },
	responses: {
		200: jsonAnswer(
			'Keys appear as masks',
			z.object({
				revision: revisionSchema,
				config: configViewSchema,
				purged: z
					.array(z.object({ id: z.string(), mask: z.string(), upstreamId: z.string() }))
					.meta({ description: 'Keys that were taken out of it since.' }),
			}),
		),
		...errorResponses(400, 404),
	},
})

const diffRevisions = createRoute({
	...{ method: 'get', path: '/revisions/{revision}/diff', operationId: 'diffRevisions', tags },
	summary: 'What leads from one revision to another',
	request: {
		params,
		query: z.strictObject({
			against: z
				.union([z.enum(['current', 'previous']), number])
				.default('previous')
				.meta({ description: '`previous` tells what the revision changed, `current` what changed since.' }),
		}),
	},
	responses: {
		200: jsonAnswer('In order', z.object({ from: z.int(), to: z.int(), changes: z.array(changeSchema) })),
		...errorResponses(400, 404),
	},
})

const changeRevision = createRoute({
	...{ method: 'patch', path: '/revisions/{revision}', operationId: 'changeRevision', tags },
	summary: 'Pin a revision or let it go, or change its message',
	request: {
		params,
		body: jsonBody(
			z.strictObject({
				pinned: z.boolean().optional(),
				message: z.string().trim().min(1).max(200).optional(),
			}),
		),
	},
	responses: {
		200: jsonAnswer('As it is now', z.object({ revision: revisionSchema })),
		...errorResponses(400, 404),
	},
})

const restoreRevision = createRoute({
	...{ method: 'post', path: '/revisions/{revision}/restore', operationId: 'restoreRevision', tags },
	summary: 'Make the configuration of a revision the present one, as a new revision',
	request: { params, body: jsonBody(z.strictObject({ dryRun: z.boolean().default(false) })) },
	responses: {
		200: jsonAnswer(
			'What it changed, or would change',
			z.object({
				changes: z.array(changeSchema),
				warnings: z.array(z.string()).meta({ description: 'What cannot come back.' }),
				revision: revision
					.optional()
					.meta({ description: 'Absent after a dry run, and when nothing differs.' }),
			}),
		),
		...errorResponses(400, 404, 409),
	},
})

export function createRevisionRoutes(services: AppServices) {
	const { repository } = services
	return createAdminRouter()
		.openapi(listRevisions, async context => {
			const { limit, before } = context.req.valid('query')
			const page = await repository.listRevisions({ limit, ...(before !== undefined && { before }) })
			return context.json({ ...page, revisions: page.revisions.map(toShown) }, 200)
		})
		.openapi(readRevision, async context => {
			const found = await repository.readRevision(context.req.valid('param').revision)
			const purged = found.config.purged.map(({ id, mask, upstreamId }) => ({ id, mask, upstreamId }))
			return context.json(
				{ revision: toShown(found.revision), config: toView(found.revision, found.config), purged },
				200,
			)
		})
		.openapi(diffRevisions, async context => {
			const { revision: at } = context.req.valid('param')
			const { against } = context.req.valid('query')
			if (against === 'previous') {
				// As it was recorded: the revision before may not be kept any more.
				const { revision: own } = await repository.readRevision(at)
				return context.json({ from: at - 1, to: at, changes: toShown(own).changes }, 200)
			}
			const [from, to] = orderSides(at, against)
			const diff = await repository.diffRevisions(from, to)
			return context.json({ ...diff, changes: redactUrlsIn(diff.changes) }, 200)
		})
		.openapi(changeRevision, async context => {
			const { revision: at } = context.req.valid('param')
			const changed = await repository.annotateRevision(at, context.req.valid('json'))
			return context.json({ revision: toShown(changed) }, 200)
		})
		.openapi(restoreRevision, async context => {
			const { revision: at } = context.req.valid('param')
			const options = context.req.valid('json')
			const {
				changes,
				warnings,
				revision: made,
			} = await repository.restoreRevision(at, changeMeta(context), options)
			if (made !== undefined) {
				await useNow(services)
				context.header('etag', `"${made}"`)
			}
			const answer = { changes: redactUrlsIn(changes), warnings }
			return context.json(made === undefined ? answer : { ...answer, revision: made }, 200)
		})
}

/** The older side first. */
function orderSides(at: number, against: 'current' | number) {
	if (against === 'current') return [at, against] as const
	return [Math.min(at, against), Math.max(at, against)] as const
}

function toShown({ restoredFrom, ...shown }: Revision) {
	const changes = redactUrlsIn(shown.changes)
	return { ...shown, changes, ...(restoredFrom !== undefined && { restoredFrom }) }
}

/** States are those of the configuration alone: what keys had met then is not part of a revision. */
function toView({ revision: at, at: now }: Revision, config: RevisionConfig) {
	const { settings, currentUpstreamId } = config
	const upstreams = config.upstreams.map(upstream => ({
		...upstream,
		keys: upstream.keys.map(key => ({ ...key, state: [] })),
	}))
	return toConfigView({ revision: at, now, strategy: settings.strategy, currentUpstreamId, upstreams })
}
