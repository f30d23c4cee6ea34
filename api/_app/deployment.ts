import { type Environment, placeholderAccessKey, readEnvironment } from '../../core/config/environment.ts'

export type DeploymentEnvironment = Environment & { PROXY_ACCESS_KEY: string; ENCRYPTION_KEY: string }

export type DeploymentResult =
	| { ok: true; environment: DeploymentEnvironment }
	| { ok: false; problem: string }

type Variables = Readonly<Record<string, string | undefined>>

/** How long a Vercel Function works on one request; `maxDuration` in vercel.json says the same. */
export const vercelMaxDuration = 300

/**
 * The environment of a serverless deployment. Previews are made of branches that nobody has reviewed, and Vercel gives
 * them the same variables as production unless each is limited: they use a database of their own or none.
 * Source: https://vercel.com/docs/projects/environment-variables/system-environment-variables
 */
export function readDeployment(variables: Variables): DeploymentResult {
	const database = chooseDatabase(variables)
	if (!database.url) return { ok: false, problem: database.missing }
	if (variables.VERCEL && database.url.startsWith('file:')) return { ok: false, problem: fileOnVercel }
	const read = readEnvironment({
		NODE_ENV: 'production',
		...(variables.VERCEL && { MAX_DURATION: String(vercelMaxDuration) }),
		...withoutBlanks(variables),
		TURSO_DATABASE_URL: database.url,
		TURSO_AUTH_TOKEN: database.token,
	})
	if (!read.ok) return { ok: false, problem: `wrong environment: ${read.problems.join('; ')}` }
	const { PROXY_ACCESS_KEY, ENCRYPTION_KEY, ADMIN_ACCESS_KEY, NODE_ENV } = read.environment
	if (!PROXY_ACCESS_KEY || !ENCRYPTION_KEY) return { ok: false, problem: missingSecrets }
	if (NODE_ENV === 'production' && [PROXY_ACCESS_KEY, ADMIN_ACCESS_KEY].includes(placeholderAccessKey)) {
		const problem = `"${placeholderAccessKey}" is not a key, everybody knows it: set PROXY_ACCESS_KEY to a random value`
		return { ok: false, problem }
	}
	return { ok: true, environment: { ...read.environment, PROXY_ACCESS_KEY, ENCRYPTION_KEY } }
}

const fileOnVercel =
	'a database file would be lost with each instance: set TURSO_DATABASE_URL to a libsql: or https: URL'

const missingSecrets =
	'set PROXY_ACCESS_KEY, ENCRYPTION_KEY and TURSO_DATABASE_URL in the project’s environment, and deploy again'

/** The database that a deployment of this kind may use. */
export function chooseDatabase(variables: Variables): {
	url: string | undefined
	token: string | undefined
	/** What to do when there is no URL. */
	missing: string
} {
	if (variables.VERCEL_ENV !== 'preview') {
		const { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: token } = variables
		return { url: url?.trim(), token, missing: missingSecrets }
	}
	const { PREVIEW_TURSO_DATABASE_URL: url, PREVIEW_TURSO_AUTH_TOKEN: token } = variables
	const missing =
		'this is a preview deployment, which does not touch the production database: set PREVIEW_TURSO_DATABASE_URL and PREVIEW_TURSO_AUTH_TOKEN to a database of its own'
	return { url: url?.trim(), token, missing }
}

function withoutBlanks(variables: Variables): Record<string, string | undefined> {
	return Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()))
}
