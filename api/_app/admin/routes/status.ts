import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { configViewSchema } from '../../../../core/views/upstream-view.ts'
import type { AppServices } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { epochMs } from '../schemas.ts'
import { createStatusSource } from '../status-source.ts'

const hours = z
	.array(z.int())
	.meta({ description: 'One number per hour, oldest first; the last is the present hour.' })

const trafficSchema = z
	.object({
		from: epochMs.meta({ description: 'Start of the first hour.' }),
		upstreams: z.array(
			z.object({
				upstreamId: z.string(),
				requests: z.int(),
				failed: z.int(),
				cancelled: z.int().meta({ description: 'Their client went away first: neither good nor failed.' }),
				sparkline: hours,
				errors: hours,
			}),
		),
	})
	.meta({ id: 'Traffic', description: 'The last 24 hours, by upstream.' })

const healthSchema = z
	.object({
		status: z.enum(['healthy', 'degraded', 'unhealthy']),
		timestamp: z.string(),
		uptime: z.number().meta({ description: 'Seconds.' }),
		mode: z.string(),
		version: z.string(),
		config: z.object({
			upstreamCount: z.int(),
			currentUpstream: z.int().nullable(),
			currentUpstreamName: z.string().nullable(),
			usableKeys: z.int(),
			keys: z.int(),
			coolingKeys: z.int(),
			readyAt: z.string().nullable().meta({ description: 'When the first key is ready, if all cool.' }),
			loadBalance: z.string(),
		}),
		database: z.object({
			...{ ok: z.boolean(), kind: z.enum(['file', 'remote']), error: z.string().optional() },
			waiting: z.int().meta({ description: 'Requests whose log waits for the database.' }),
			dropped: z.int().meta({ description: 'Those that were given up since the start.' }),
		}),
		requests: z
			.object({
				open: z.int(),
				waiting: z.int(),
				recent: z.object({ seconds: z.int(), requests: z.int(), failed: z.int() }),
			})
			.meta({ description: 'Of the process that answers; who left is not counted.' }),
		reasons: z.array(z.string()).meta({ description: 'Why it is not healthy.' }),
	})
	.meta({ id: 'Health', description: 'As GET /health answers.' })

const cursor = z.string().meta({ description: 'Send it back as `since`.', example: '42.7.q0Xy3b9LkP2vTz_A' })

const statusSchema = configViewSchema
	.extend({
		cursor,
		now: epochMs,
		stateVersion: z.int().meta({ description: 'Rises with every change that the proxy makes by itself.' }),
		health: healthSchema,
		traffic: trafficSchema,
	})
	.meta({ id: 'Status' })

const unchangedSchema = z
	.object({ cursor, now: epochMs, unchanged: z.literal(true) })
	.meta({ id: 'Unchanged', description: 'Nothing but the time has changed since.' })

const readStatus = createRoute({
	...{ method: 'get', path: '/status', operationId: 'readStatus', tags: ['Status'] },
	summary: 'Everything that the admin shows on its first page',
	description: 'Made to be polled every few seconds: answers are shared by all who ask within a second.',
	request: { query: z.strictObject({ since: z.string().max(100).optional() }) },
	responses: {
		200: jsonAnswer('The status, or that it is as before', z.union([unchangedSchema, statusSchema])),
		...errorResponses(400),
	},
})

export function createStatusRoutes(services: AppServices) {
	const read = createStatusSource(services)
	return createAdminRouter().openapi(readStatus, async context => {
		const status = await read()
		if (context.req.valid('query').since !== status.cursor) return context.json(status, 200)
		return context.json({ cursor: status.cursor, now: status.now, unchanged: true as const }, 200)
	})
}
