import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { type Environment, environmentSchema } from '../../../../core/config/environment.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'

const tags = ['Operation']

const reloadRoute = createRoute({
	method: 'post',
	path: '/config/reload',
	operationId: 'reloadConfig',
	tags,
	summary: 'Read the configuration now instead of within a second',
	responses: {
		200: jsonAnswer(
			'What is used from here on',
			z.object({ revision: z.number().int(), upstreamCount: z.number().int() }),
		),
		...errorResponses(),
	},
})

const devInfoRoute = createRoute({
	method: 'get',
	path: '/dev/info',
	operationId: 'readDevInfo',
	tags,
	summary: 'Insides of this process; only with NODE_ENV=development',
	responses: {
		200: jsonAnswer(
			'Secrets appear as "present" or "absent"',
			z.object({
				version: z.string(),
				versions: z.record(z.string(), z.string()),
				uptime: z.number().meta({ description: 'Seconds' }),
				memory: z.record(z.string(), z.number()).meta({ description: 'Bytes' }),
				database: z.object({ kind: z.enum(['file', 'remote']), label: z.string(), ok: z.boolean() }),
				config: z.object({
					revision: z.number().int(),
					stateVersion: z.number().int(),
					strategy: z.string(),
					currentUpstreamId: z.string().nullable(),
					upstreams: z.array(
						z.object({ id: z.string(), name: z.string(), type: z.string(), keys: z.array(z.string()) }),
					),
				}),
				environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
			}),
		),
		...errorResponses(404),
	},
})

/** `POST /admin/config/reload` and `GET /admin/dev/info`: for operators and developers. */
export function createOperationRoutes(services: AppServices) {
	const { config, environment } = services
	return createAdminRouter()
		.openapi(reloadRoute, async context => {
			await config.refresh()
			const { revision, upstreams } = await config.current()
			return context.json({ revision, upstreamCount: upstreams.length }, 200)
		})
		.openapi(devInfoRoute, async context => {
			if (environment.NODE_ENV !== 'development')
				throw new AdminError(404, 'not-found', `there is nothing at GET ${context.req.path}`)
			return context.json(await readDevInfo(services), 200)
		})
}

async function readDevInfo({ config, database, environment, version, startedAt }: AppServices) {
	const { revision, stateVersion, strategy, currentUpstreamId, upstreams } = await config.current()
	const { node, v8, uv, openssl } = process.versions
	return {
		version,
		versions: { node, v8, uv, openssl },
		uptime: Math.round(performance.now() - startedAt) / 1000,
		memory: { ...process.memoryUsage() },
		database: { kind: database.location, label: database.label, ok: config.status().ok },
		config: {
			...{ revision, stateVersion, strategy },
			currentUpstreamId: currentUpstreamId ?? null,
			upstreams: upstreams.map(({ id, name, type, keys }) => ({
				...{ id, name, type },
				keys: keys.map(key => key.mask),
			})),
		},
		environment: { ...describeEnvironment(environment), TURSO_DATABASE_URL: database.label },
	}
}

/** Every variable; of those that hold a secret only whether they are set. */
function describeEnvironment(environment: Environment): Record<string, string | number | boolean> {
	const names = Object.keys(environmentSchema.shape) as (keyof Environment)[]
	return Object.fromEntries(
		names.map(name => {
			const value = environment[name]
			if (/KEY|TOKEN|SECRET|PASSWORD/.test(name)) return [name, value ? 'present' : 'absent']
			return [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]
		}),
	)
}
