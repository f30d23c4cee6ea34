import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { listPrices, shownPriceSchema } from '../../../../core/usage/shown-prices.ts'
import { readPriceOverrides } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'

const readPrices = createRoute({
	...{ method: 'get', path: '/prices', operationId: 'listPrices', tags: ['Usage'] },
	summary: 'What costs are reckoned by',
	description:
		'In the order in which they are tried. Your own come first: they are the setting `prices`, see `PATCH /settings`.',
	responses: {
		200: jsonAnswer('The prices', z.object({ prices: z.array(shownPriceSchema) })),
		...errorResponses(),
	},
})

export function createPriceRoutes({ database }: AppServices) {
	return createAdminRouter().openapi(readPrices, async context =>
		context.json({ prices: listPrices(await readPriceOverrides(database)) }, 200),
	)
}
