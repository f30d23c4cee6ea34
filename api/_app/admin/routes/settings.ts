import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { settingsPatchSchema, settingsSchema } from '../../../../core/config/settings.ts'
import type { AppServices } from '../../services.ts'
import { answerChange } from '../changes.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { makeChange } from '../make-change.ts'
import { createAdminRouter } from '../router.ts'
import { changedSchema, revision } from '../schemas.ts'

const tags = ['Settings']

const readSettings = createRoute({
	...{ method: 'get', path: '/settings', operationId: 'readSettings', tags },
	summary: 'What is set for all upstreams',
	responses: {
		200: jsonAnswer('The settings', z.object({ revision, settings: settingsSchema })),
		...errorResponses(),
	},
})

const changeSettings = createRoute({
	...{ method: 'patch', path: '/settings', operationId: 'changeSettings', tags },
	summary: 'Change settings; those that are not given stay',
	request: { body: jsonBody(settingsPatchSchema) },
	responses: { 200: jsonAnswer('Changed', changedSchema), ...errorResponses(400, 409) },
})

export function createSettingsRoutes(services: AppServices) {
	return createAdminRouter()
		.openapi(readSettings, async context => {
			const { revision: at, settings } = await services.repository.listSettings()
			return answerChange(context, { revision: at, settings })
		})
		.openapi(changeSettings, async context => {
			const patch = context.req.valid('json')
			const made = await makeChange(services, context, (to, meta) => to.changeSettings(patch, meta))
			return answerChange(context, { revision: made.revision })
		})
}
