import { z } from 'zod'
import { strategies } from './upstream.ts'

/**
 * Every variable the program reads, its default and what is allowed. An empty variable counts as absent, as in
 * `.env` files that list names without values.
 */
const flag = z
	.string()
	.trim()
	.toLowerCase()
	.refine(text => ['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'].includes(text), {
		error: 'must be true or false',
	})
	.transform(text => ['true', '1', 'yes', 'on'].includes(text))

const integer = (min: number, max: number) =>
	z
		.string()
		.trim()
		.regex(/^\d+$/, { error: `must be a whole number from ${min} to ${max}` })
		.transform(Number)
		.refine(value => value >= min && value <= max, { error: `must be a whole number from ${min} to ${max}` })

const oneOf = <const Names extends readonly string[]>(names: Names) =>
	z.enum(names, { error: `must be one of ${names.join(', ')}` })

/** Origins (`https://admin.example.com`), comma-separated. `*` is none: the admin API answers with credentials. */
const originList = z
	.string()
	.transform(text => text.split(',').map(origin => origin.trim()))
	.transform(origins => origins.filter(origin => origin !== ''))
	.refine(origins => origins.every(origin => URL.parse(origin)?.origin === origin), {
		error: 'must be a comma-separated list of origins such as https://admin.example.com, without paths',
	})

/** The value in the original system's documentation: fine for a first try, refused in production. */
export const placeholderAccessKey = 'your-proxy-access-key'

export const environmentSchema = z.object({
	PORT: integer(0, 65_535).default(3000),
	HOST: z.string().trim().min(1).default('127.0.0.1'),
	NODE_ENV: oneOf(['development', 'production', 'test']).default('development'),
	PROXY_ACCESS_KEY: z.string().trim().optional(),
	ADMIN_ACCESS_KEY: z.string().trim().optional(),
	ENCRYPTION_KEY: z.string().trim().optional(),
	TURSO_DATABASE_URL: z
		.string()
		.trim()
		.regex(/^(?:file|libsql|https?):.+/, { error: 'must start with file:, libsql:, https: or http:' })
		.default('file:data/claude-proxy.db'),
	TURSO_AUTH_TOKEN: z.string().trim().optional(),
	LOAD_BALANCE_STRATEGY: oneOf(strategies).default('failover'),
	LOG_LEVEL: oneOf(['error', 'warn', 'info', 'debug']).default('info'),
	ENABLE_REQUEST_LOGS: flag.default(true),
	ENABLE_RESPONSE_LOGS: flag.default(true),
	REQUEST_TIMEOUT: integer(1, 86_400_000).default(300_000),
	/** Longest wait for a stream's first content; 0: none. The default is the SDKs' own patience. */
	FIRST_CONTENT_TIMEOUT: integer(0, 86_400_000).default(600_000),
	MAX_CONCURRENT_REQUESTS: integer(1, 1_000_000).default(100),
	/** Requests that may wait for a place, and for how long: beyond it they are refused. */
	MAX_QUEUED_REQUESTS: integer(0, 1_000_000).default(100),
	QUEUE_TIMEOUT: integer(1, 600_000).default(10_000),
	ENABLE_CORS: flag.default(true),
	CORS_ORIGIN: z.string().trim().min(1).default('*'),
	/** Other origins whose pages may use the admin API with a session: the admin hosted apart. */
	ADMIN_ORIGINS: originList.default([]),
	/** Whether a reverse proxy in front says who the client is, by `x-forwarded-for` and `x-forwarded-proto`. */
	TRUST_PROXY: flag.default(false),
	ENABLE_RATE_LIMIT: flag.default(false),
	RATE_LIMIT_WINDOW: integer(100, 86_400_000).default(60_000),
	RATE_LIMIT_MAX_REQUESTS: integer(1, 100_000_000).default(100),
	/** Failed requests in a hundred, over five minutes, that webhooks are told of. */
	ALERT_ERROR_RATE: integer(1, 100).default(50),
	/** Opens GET /metrics to a scraper that should not hold the admin key. */
	METRICS_KEY: z.string().trim().optional(),
	HEALTH_CHECK_ENABLED: flag.default(true),
	HEALTH_CHECK_PATH: z
		.string()
		.trim()
		.regex(/^\/[\w\-./~%]*$/, { error: 'must be a path that starts with /' })
		.refine(path => !path.startsWith('/v1/') && !path.startsWith('/api/'), {
			error: 'must not lie under /v1/ or /api/',
		})
		.default('/health'),
	MAX_BODY_MB: integer(1, 1024).default(32),
	/** Seconds after which the platform cuts a request off; 0 where none does. */
	MAX_DURATION: integer(0, 86_400).default(0),
	/** Time that open requests get to end after SIGTERM or SIGINT, ms. */
	SHUTDOWN_TIMEOUT: integer(0, 86_400_000).default(30_000),
})

export type Environment = z.output<typeof environmentSchema>

export type EnvironmentResult = { ok: true; environment: Environment } | { ok: false; problems: string[] }

/** Checks all variables at once; each problem is one line: `PORT must be …, not "abc"`. Values of keys are not shown. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): EnvironmentResult {
	const present = Object.fromEntries(
		Object.keys(environmentSchema.shape)
			.map(name => [name, variables[name]] as const)
			.filter(([, value]) => value !== undefined && value.trim() !== ''),
	)
	const result = environmentSchema.safeParse(present)
	if (result.success) return { ok: true, environment: result.data }
	const problems = result.error.issues.map(issue => {
		const name = String(issue.path[0])
		const shown = /KEY|TOKEN|URL/.test(name) ? '' : `, not ${JSON.stringify(present[name])}`
		return `${name} ${issue.message}${shown}`
	})
	return { ok: false, problems }
}
