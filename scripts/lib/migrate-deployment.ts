import { chooseDatabase } from '../../api/_app/deployment.ts'
import { readEnvironment } from '../../core/config/environment.ts'
import { initializeStrategy, migrateDatabase, openDatabase } from '../../db/index.ts'

/**
 * Brings the schema of the database up to date that a deployment on Vercel will use, and says in one line what was
 * done. Only deployments have one: a build anywhere else changes nothing.
 * @throws Error that says what to do; the deployment must not go live then
 */
export async function migrateDeployment(variables: NodeJS.ProcessEnv): Promise<string> {
	const { VERCEL_ENV, LOAD_BALANCE_STRATEGY } = variables
	if (VERCEL_ENV !== 'production' && VERCEL_ENV !== 'preview') return 'left alone: this is no deployment'
	const { url, token, missing } = chooseDatabase(variables)
	if (!url) return `left alone: ${missing}`
	if (!/^(?:libsql|https?):/.test(url)) {
		throw new Error(
			'a file would be lost with the instance: set TURSO_DATABASE_URL to a libsql: or https: URL',
		)
	}
	const database = await openDatabase({ url, ...(token && { authToken: token }), timeoutMs: 30_000 })
	try {
		const { status, applied, version } = await migrateDatabase(database)
		if (status === 'newer') return `schema ${version} is newer than this version's; left as it is`
		const read = readEnvironment({ LOAD_BALANCE_STRATEGY })
		if (read.ok) await initializeStrategy(database, read.environment.LOAD_BALANCE_STRATEGY)
		return applied === 0
			? `schema ${version}, up to date`
			: `${applied} migrations applied, schema ${version}`
	} finally {
		database.close()
	}
}
