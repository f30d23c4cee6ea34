import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../lib/layout.ts'
import { run } from './run.ts'
import { copyWorkTree } from './tree.ts'

/** Large (half a gigabyte) and only for this check: not among the project's packages. */
const cliFolder = join(projectRoot, '.cache/vercel')

/** The version this was tried with; its own dependency asks for a `sandbox` that it does not work with. */
const cliPackage = {
	private: true,
	overrides: { sandbox: '4.5.0' },
	dependencies: { vercel: '^64.0.2' },
}

/** A project that exists nowhere: with it the CLI builds without an account and without asking. */
const project = {
	projectId: 'prj_local',
	orgId: 'team_local',
	settings: { framework: null, nodeVersion: '24.x' },
}

/** Builds a copy of the work tree as Vercel does, without any account. */
export async function buildForVercel(target: string): Promise<void> {
	const cli = await fetchCli()
	copyWorkTree(target)
	mkdirSync(join(target, '.vercel'))
	writeFileSync(join(target, '.vercel/project.json'), JSON.stringify(project))
	const env = { VERCEL_TELEMETRY_DISABLED: '1' }
	await run(process.execPath, [cli, 'build', '--yes'], { cwd: target, env })
}

async function fetchCli(): Promise<string> {
	const entry = join(cliFolder, 'node_modules/vercel/dist/index.js')
	if (existsSync(entry)) return entry
	mkdirSync(cliFolder, { recursive: true })
	writeFileSync(join(cliFolder, 'package.json'), JSON.stringify(cliPackage))
	await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: cliFolder })
	return entry
}
