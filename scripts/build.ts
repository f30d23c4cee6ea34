import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type BuiltFile, bundleCli, bundleFunction } from './lib/bundle.ts'
import { buildAdmin } from './lib/ensure-admin.ts'
import { builtAdmin, projectRoot } from './lib/layout.ts'
import { formatSeconds } from './lib/progress.ts'
import { listFiles } from './lib/publish.ts'

/** `npm run build`: everything that a deployment runs. */
const targets: { name: string; folder: string; build: () => Promise<BuiltFile[]> }[] = [
	{ name: 'function', folder: 'dist/api', build: () => bundleFunction(projectRoot) },
	{ name: 'command line and server', folder: 'dist/cli', build: () => bundleCli(projectRoot) },
	{ name: 'admin', folder: 'web/build', build: buildAndListAdmin },
]

async function buildAndListAdmin(): Promise<BuiltFile[]> {
	await buildAdmin(projectRoot, { force: true })
	const folder = builtAdmin(projectRoot)
	return listFiles(folder).map(file => ({ name: file, bytes: statSync(join(folder, file)).size }))
}

function describe(files: readonly BuiltFile[]): string {
	const kilobytes = Math.round(files.reduce((sum, file) => sum + file.bytes, 0) / 1000)
	return `${files.length} files, ${kilobytes} kB`
}

for (const { name, folder, build } of targets) {
	const startedAt = performance.now()
	try {
		const files = await build()
		const seconds = formatSeconds(performance.now() - startedAt)
		console.log(`${folder.padEnd(10)} ${name.padEnd(24)} ${describe(files).padEnd(22)} ${seconds}`)
	} catch (error) {
		console.error(`${folder}: ${error instanceof Error ? error.message : error}`)
		process.exitCode = 1
		break
	}
}
