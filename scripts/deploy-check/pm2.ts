import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../lib/layout.ts'
import { run } from './run.ts'

const packageFolder = join(projectRoot, '.cache/pm2')
const modules = join(packageFolder, 'node_modules/pm2')

export interface Pm2Daemon {
	/** For those who talk to it. */
	env: Record<string, string>
	stop(): Promise<void>
}

/** Starts a pm2 of its own, which knows nothing of one that runs here already. */
export async function startPm2Daemon(): Promise<Pm2Daemon> {
	if (!existsSync(join(modules, 'package.json'))) {
		mkdirSync(packageFolder, { recursive: true })
		writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ private: true }))
		await run('npm', ['install', 'pm2@7', '--no-audit', '--no-fund'], { cwd: packageFolder })
	}
	const home = mkdtempSync(join(tmpdir(), 'claude-proxy-pm2-'))
	const env = { PM2_HOME: home, PM2_DISABLE_VERSION_CHECK: '1', CLAUDE_PROXY_PM2: modules }
	const ask = (command: string) =>
		run(process.execPath, [join(modules, 'bin/pm2'), command, '--silent'], { cwd: home, env })
	await ask('ping')
	return {
		env,
		async stop() {
			await ask('kill')
			rmSync(home, { recursive: true, force: true })
		},
	}
}
