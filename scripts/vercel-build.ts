import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { chooseDatabase } from '../api/_app/deployment.ts'
import { readEnvironment } from '../core/config/environment.ts'
import { initializeStrategy, migrateDatabase, openDatabase } from '../db/index.ts'
import { projectRoot } from './lib/layout.ts'

/**
 * The build on Vercel: everything is built, and then the schema of the database that this deployment will use is
 * brought up to date. Migrations only add, so the deployment that is live meanwhile works on; one that fails fails the
 * build, and nothing goes live.
 */
function build(): void {
	const { status } = spawnSync(process.execPath, [join(projectRoot, 'scripts/build.ts')], {
		stdio: 'inherit',
	})
	if (status !== 0) throw new Error('the build failed: see above')
}

async function migrate(): Promise<string> {
	const { VERCEL_ENV } = process.env
	if (VERCEL_ENV !== 'production' && VERCEL_ENV !== 'preview') return 'this is no deployment'
	const { url, token = '', missing } = chooseDatabase(process.env)
	if (!url) return missing
	if (!/^(?:libsql|https?):/.test(url)) {
		throw new Error(
			'a file would be lost with the instance: set TURSO_DATABASE_URL to a libsql: or https: URL',
		)
	}
	const database = await openDatabase({ url, authToken: token, timeoutMs: 30_000 })
	try {
		const { status, applied, version } = await migrateDatabase(database)
		if (status === 'newer') return `schema ${version} is newer than this version's; left as it is`
		const read = readEnvironment({ LOAD_BALANCE_STRATEGY: process.env.LOAD_BALANCE_STRATEGY })
		if (read.ok) await initializeStrategy(database, read.environment.LOAD_BALANCE_STRATEGY)
		return applied === 0
			? `schema ${version}, up to date`
			: `${applied} migrations applied, schema ${version}`
	} finally {
		database.close()
	}
}

try {
	build()
	console.log(`database   ${await migrate()}`)
} catch (error) {
	console.error(error instanceof Error ? error.message : error)
	process.exitCode = 1
}
