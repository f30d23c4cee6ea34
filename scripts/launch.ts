import { pathToFileURL } from 'node:url'
import { ensureCli } from './lib/ensure-cli.ts'
import { projectRoot } from './lib/layout.ts'
import { quietProgress, visibleProgress } from './lib/progress.ts'

/**
 * Runs the CLI from its bundle and brings the bundle, and for `serve` the admin, up to date first:
 * `node scripts/launch.ts <command> …`. Behind `npm start`, `npm run dev` and `npm run config`.
 */
async function launch(args: readonly string[]): Promise<void> {
	const serves = args[0] === 'serve' && !args.includes('--help') && !args.includes('-h')
	const entry = await ensureCli(projectRoot, quietProgress)
	if (serves && args.includes('--dev')) await startAdminDevServer()
	else if (serves) await bringAdminUpToDate()
	process.argv[1] = entry
	await import(pathToFileURL(entry).href)
}

async function bringAdminUpToDate(): Promise<void> {
	const { ensureAdmin } = await import('./lib/ensure-admin.ts')
	try {
		await ensureAdmin(projectRoot, visibleProgress)
	} catch (error) {
		// The proxy is worth having without its admin.
		process.stderr.write(`${describeError(error)}\nstarting without an up-to-date admin\n`)
	}
}

async function startAdminDevServer(): Promise<void> {
	const { canBuildAdmin } = await import('./lib/ensure-admin.ts')
	if (!canBuildAdmin(projectRoot)) return
	const { startAdminDev } = await import('./lib/admin-dev.ts')
	startAdminDev(projectRoot)
}

const describeError = (error: unknown) => (error instanceof Error ? error.message : String(error))

try {
	await launch(process.argv.slice(2))
} catch (error) {
	process.stderr.write(`${describeError(error)}\n`)
	process.exitCode = 1
}
