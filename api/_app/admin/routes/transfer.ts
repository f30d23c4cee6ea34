import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { redactUrlsIn } from '../../../../core/config/redact.ts'
import { isImportRefused } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { changeMeta } from '../changes.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { useNow } from '../make-change.ts'
import { createAdminRouter } from '../router.ts'
import { changeSchema, revision } from '../schemas.ts'

const tags = ['Export and import']

const passphrase = z.string().min(1).max(1000).optional()

const exportRoute = createRoute({
	...{ method: 'post', path: '/export', operationId: 'exportConfig', tags },
	summary: 'The configuration as a file',
	description:
		'`format` claude-proxy holds everything, seed is the original’s config.json. Without keys no secret is in it at all: neither header values nor passwords in URLs.',
	request: {
		body: jsonBody(
			z
				.strictObject({
					keys: z
						.enum(['none', 'plain', 'sealed'])
						.meta({ description: 'Sealed: everything under the passphrase.' }),
					passphrase,
					format: z.enum(['claude-proxy', 'seed']).default('claude-proxy'),
				})
				.meta({ id: 'ExportOptions' }),
		),
	},
	responses: {
		200: {
			description:
				'The document, as an attachment; `x-claude-proxy-warnings` is a percent-encoded JSON array',
			content: { 'application/octet-stream': { schema: z.string() } },
		},
		...errorResponses(400),
	},
})

const reviewedSchema = z.object({ upstreamId: z.string(), name: z.string(), keyCount: z.int() })
const changedSchema = z.array(reviewedSchema.extend({ changes: z.array(changeSchema) }))

const importRoute = createRoute({
	...{ method: 'post', path: '/import', operationId: 'importConfig', tags },
	summary: 'Take over a file: our own, or the original’s config.json',
	description:
		'One revision for all of it, or none. A dry run tells what it would do; send its `basedOn` as if-match.',
	request: {
		body: jsonBody(
			z
				.strictObject({
					document: z.string().meta({ description: 'The file’s text.' }),
					mode: z
						.enum(['merge', 'replace'])
						.meta({ description: 'Merge adds and changes; replace makes the configuration the file.' }),
					passphrase,
					dryRun: z.boolean().default(false),
				})
				.meta({ id: 'ImportOptions' }),
		),
	},
	responses: {
		200: jsonAnswer(
			'What it changed, or would change',
			z
				.object({
					source: z.object({
						format: z.enum(['claude-proxy', 'seed']),
						keys: z.enum(['none', 'plain', 'sealed']),
						sealed: z.boolean(),
						exportedAt: z.string().optional(),
					}),
					review: z.object({
						added: changedSchema,
						changed: changedSchema,
						removed: changedSchema,
						unchanged: z.array(reviewedSchema),
						settings: z.array(changeSchema),
					}),
					warnings: z.array(z.string()),
					basedOn: z.int(),
					revision: revision
						.optional()
						.meta({ description: 'Absent after a dry run, and when nothing differs.' }),
				})
				.meta({ id: 'ImportResult' }),
		),
		...errorResponses(400, 409),
	},
})

export function createTransferRoutes(services: AppServices) {
	const { repository } = services
	return createAdminRouter()
		.openapi(exportRoute, async context => {
			const { keys, format, passphrase: secret } = context.req.valid('json')
			const made = await repository.exportConfig({ keys, format, ...(secret && { passphrase: secret }) })
			context.header('content-disposition', `attachment; filename="${made.fileName}"`)
			context.header('content-type', 'application/octet-stream')
			context.header('etag', `"${made.revision}"`)
			context.header('x-claude-proxy-warnings', encodeWarnings(made.warnings))
			return context.body(made.document, 200)
		})
		.openapi(importRoute, async context => {
			const { document, mode, dryRun, passphrase: secret } = context.req.valid('json')
			const { author, ...meta } = changeMeta(context)
			const options = { mode, dryRun, ...meta, ...(secret && { passphrase: secret }) }
			const { source, review, warnings, basedOn, ...made } = await repository
				.importConfig(document, options)
				.catch(toRefusal)
			if (made.revision !== undefined) {
				await useNow(services)
				context.header('etag', `"${made.revision}"`)
			}
			return context.json({ source, review: redactUrlsIn(review), warnings, basedOn, ...made }, 200)
		})
}

/** Every reason by its place in the file. */
function toRefusal(error: unknown): never {
	if (!isImportRefused(error)) throw error
	const fields = error.problems.map(({ path, message }) => ({
		path: error.refusal === 'passphrase' || path === '' ? error.refusal : `document: ${path}`,
		message,
	}))
	throw new AdminError(400, 'invalid', error.message, { fields })
}

/** Headers are bounded and ASCII. */
function encodeWarnings(warnings: readonly string[]): string {
	const text = encodeURIComponent(JSON.stringify(warnings))
	return text.length <= 4000 ? text : encodeURIComponent(JSON.stringify([`${warnings.length} warnings`]))
}
