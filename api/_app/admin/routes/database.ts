import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { compactDatabase } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'

const compactRoute = createRoute({
	method: 'post',
	path: '/database/compact',
	operationId: 'compactDatabase',
	tags: ['Database'],
	summary: 'Write a database file anew, without what deleted rows left behind',
	description:
		'The server does nothing else meanwhile: some milliseconds for each megabyte. A database server frees the space itself, and the answer is 400.',
	responses: {
		200: jsonAnswer(
			'Bytes that the file takes',
			z.object({ before: z.number().int(), after: z.number().int() }),
		),
		...errorResponses(400),
	},
})

/** The database as a whole. */
export function createDatabaseRoutes({ database }: AppServices) {
	return createAdminRouter().openapi(compactRoute, async context =>
		context.json(await compactDatabase(database), 200),
	)
}
