import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { nameAdminVersion } from './admin-version.ts'
import { builtAdmin, hasTool } from './layout.ts'
import { withLock } from './lock.ts'
import type { Progress } from './progress.ts'
import { publishFolder } from './publish.ts'

/** SvelteKit writes the app's version here; ours names the sources and the server (web/vite.config.ts). */
const versionFile = '_app/version.json'

/**
 * Builds the admin when its build is missing or older than its sources. Throws when that fails and leaves the old
 * build as it was. Without sources or development tools, what is there is used.
 */
export async function ensureAdmin(root: string, progress: Progress): Promise<void> {
	if (!canBuildAdmin(root) || isAdminCurrent(root)) return
	const label = existsSync(builtAdmin(root)) ? 'building the admin' : 'building the admin (first start)'
	await progress(label, () => buildAdmin(root, { force: false }))
}

export const canBuildAdmin = (root: string) =>
	existsSync(join(root, 'web/src')) && hasTool(root, 'vite') && hasTool(root, '@sveltejs/kit')

interface AdminBuild {
	/** web/build unless told. */
	folder?: string
	/** Where the server is when the admin is hosted apart from it. */
	backendUrl?: string | undefined
}

/** Whether the build was made from the sources as they are now, for the same server. */
export function isAdminCurrent(root: string, build: AdminBuild = {}): boolean {
	const { folder = builtAdmin(root), backendUrl = process.env.VITE_BACKEND_URL } = build
	const file = join(folder, versionFile)
	if (!existsSync(file)) return false
	return readFileSync(file, 'utf8').includes(`"${nameAdminVersion(root, backendUrl)}"`)
}

/** One build at a time: SvelteKit keeps its intermediate files in one folder. */
export async function buildAdmin(root: string, options: { force: boolean } & AdminBuild): Promise<void> {
	const { force, folder = builtAdmin(root), backendUrl } = options
	await withLock(join(root, '.cache/admin-build.lock'), async () => {
		if (!force && isAdminCurrent(root, options)) return
		const staging = join(root, 'web/.svelte-kit/static')
		rmSync(staging, { recursive: true, force: true })
		await runVite(root, backendUrl === undefined ? {} : { VITE_BACKEND_URL: backendUrl })
		publishFolder(staging, folder, versionFile)
		rmSync(staging, { recursive: true, force: true })
	})
}

/** `vite build` wants to be run from its own folder: SvelteKit looks for src/app.html below the working directory. */
function runVite(root: string, variables: Record<string, string>): Promise<void> {
	const vite = spawn(
		process.execPath,
		[join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
		{
			cwd: join(root, 'web'),
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...process.env, NODE_ENV: 'production', ...variables },
		},
	)
	let output = ''
	const collect = (chunk: Buffer) => {
		output = (output + chunk.toString()).slice(-20_000)
	}
	vite.stdout.on('data', collect)
	vite.stderr.on('data', collect)
	return new Promise((resolve, reject) => {
		vite.on('error', reject)
		vite.on('close', code => {
			if (code === 0) resolve()
			else
				reject(new Error(`the admin could not be built (vite build in web/ ended with ${code}):\n${output}`))
		})
	})
}
