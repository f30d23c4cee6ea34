import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { judgeKeyStrength } from '../../../../core/config/key-strength.ts'
import { readDatabaseSize } from '../../../../db/index.ts'
import { readHealth } from '../../routes/health.ts'
import type { AppServices } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'

const strength = z.enum(['known', 'weak', 'good'])

const readSetup = createRoute({
	...{ method: 'get', path: '/setup', operationId: 'readSetup', tags: ['Status'] },
	summary: 'What to look at before the first request',
	responses: {
		200: jsonAnswer(
			'Facts, and no secret',
			z.object({
				...{ version: z.string(), mode: z.string().meta({ description: 'NODE_ENV' }) },
				database: z.object({
					...{ kind: z.enum(['file', 'remote']), label: z.string(), ok: z.boolean() },
					error: z.string().nullable(),
					schema: z
						.object({ version: z.int(), needed: z.int() })
						.nullable()
						.meta({ description: 'Null until it was read.' }),
					bytes: z
						.int()
						.nullable()
						.meta({ description: 'What it takes; null where the server does not tell.' }),
					freeBytes: z
						.int()
						.nullable()
						.meta({ description: 'What compacting would give back; null of a server.' }),
				}),
				accessKey: strength.meta({ description: 'Of PROXY_ACCESS_KEY, which clients send.' }),
				adminKey: z
					.object({ own: z.boolean(), strength })
					.meta({ description: '`own`: it is another one than the access key.' }),
				maxDuration: z.int().meta({ description: 'Seconds after which an answer is cut off; 0: never.' }),
				exposed: z.boolean().meta({ description: 'Whether other computers may reach it.' }),
			}),
		),
		...errorResponses(),
	},
})

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '::1']

/** What the first-run page checks. */
export function createSetupRoutes(services: AppServices) {
	const { accessKeys, database, environment, version } = services
	return createAdminRouter().openapi(readSetup, async context => {
		const { ok, error = null } = (await readHealth(services)).database
		const { schema } = services.config.status()
		const size = ok ? await readDatabaseSize(database) : undefined
		const { bytes = null, freeBytes = null } = size ?? {}
		const { HOST, MAX_DURATION: maxDuration, NODE_ENV: mode } = environment
		return context.json(
			{
				...{ version, mode, maxDuration },
				database: {
					...{ kind: database.location, label: database.label, ok, error },
					...{ bytes, freeBytes },
					schema: schema ? { version: schema.version, needed: schema.codeVersion } : null,
				},
				accessKey: judgeKeyStrength(accessKeys.proxy),
				adminKey: {
					own: accessKeys.admin !== accessKeys.proxy,
					strength: judgeKeyStrength(accessKeys.admin),
				},
				exposed: maxDuration > 0 || !loopback.includes(HOST),
			},
			200,
		)
	})
}
