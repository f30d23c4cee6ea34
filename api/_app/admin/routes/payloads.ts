import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { payloadsSchema, viewRecording } from '../../../../core/recording/payload-view.ts'
import { readReplay } from '../../../../core/recording/replay.ts'
import { findRequest } from '../../../../db/index.ts'
import { runRequest } from '../../playground/run-request.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { keyId, upstreamId } from '../schemas.ts'
import { findTarget } from './playground.ts'

const tags = ['Requests']
const params = z.object({ id: z.string().min(1).max(100) })

const readPayloads = createRoute({
	...{ method: 'get', path: '/requests/{id}/payloads', operationId: 'readPayloads', tags },
	summary: 'The bodies of a request and its answers, without secrets',
	description:
		'`null` where nothing was recorded, or its time is over: the setting `recording` says what is.',
	request: { params },
	responses: {
		200: jsonAnswer('The bodies', payloadsSchema.nullable()),
		...errorResponses(400),
	},
})

const replayRequest = createRoute({
	...{ method: 'post', path: '/requests/{id}/replay', operationId: 'replayRequest', tags },
	summary: 'Send a recorded request again, to any upstream',
	description: 'Answers as `POST /playground` does. What was masked in the recording is sent masked.',
	request: {
		params,
		body: jsonBody(z.strictObject({ upstreamId: upstreamId.optional(), keyId: keyId.optional() })),
	},
	responses: {
		200: {
			description: 'The answer',
			content: {
				'application/json': { schema: z.looseObject({ type: z.literal('message') }) },
				'text/event-stream': { schema: z.string() },
			},
		},
		...errorResponses(400, 404, 409),
	},
})

/** What was recorded of requests. */
export function createPayloadRoutes(services: AppServices) {
	return createAdminRouter()
		.openapi(readPayloads, async context => {
			const recording = await services.payloads.find(context.req.valid('param').id)
			return context.json(recording ? viewRecording(recording) : null, 200)
		})
		.openapi(replayRequest, async context => {
			const { id } = context.req.valid('param')
			const recording = await services.payloads.find(id)
			if (!recording) throw await notRecorded(services, id)
			const replay = readReplay(recording)
			if (!replay) throw new AdminError(409, 'conflict', tooLong)
			const target = await findTarget(services, context.req.valid('json'))
			const { signal } = context.req.raw
			return runRequest(services, { ...replay, signal }, target)
		})
}

const tooLong =
	'the request was longer than what is recorded of one, so it cannot be sent again: raise recording.maxKb in the settings'

async function notRecorded({ database }: AppServices, id: string): Promise<AdminError> {
	const request = await findRequest(database, id)
	if (!request) return new AdminError(404, 'not-found', 'there is no such request, or it is no longer kept')
	const message =
		'the bodies of this request were not recorded, or are no longer kept: see recording in the settings'
	return new AdminError(409, 'conflict', message)
}
