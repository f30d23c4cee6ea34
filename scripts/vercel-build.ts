import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from './lib/layout.ts'
import { migrateDeployment } from './lib/migrate-deployment.ts'

/**
 * `buildCommand` of vercel.json: everything is built, then the database's schema is brought up to date. Migrations only
 * add, so the deployment that is live meanwhile works on; one that fails fails the build, and nothing goes live.
 */
const { status } = spawnSync(process.execPath, [join(projectRoot, 'scripts/build.ts')], { stdio: 'inherit' })
if (status !== 0) process.exitCode = 1
else {
	try {
		console.log(`database   ${await migrateDeployment(process.env)}`)
	} catch (error) {
		console.error(error instanceof Error ? error.message : error)
		process.exitCode = 1
	}
}
