import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from './child.ts'
import { type Place, prepared } from './place.ts'
import { start } from './start.ts'

/** `npm start` behind nginx, with the documented configuration. */
export const nginx: Place = {
	database: 'file',
	async start({ variables, folder }) {
		const behind = await start.start({ folder, variables: { TRUST_PROXY: 'true', ...variables } })
		const port = await findFreePort()
		const front = await startNginx(folder, port, new URL(behind.url).port)
		return {
			...{ url: `http://127.0.0.1:${port}`, instances: 1, output: behind.output },
			async stop() {
				await Promise.all([endNginx(front), behind.stop()])
			},
		}
	},
}

async function startNginx(folder: string, port: number, upstreamPort: string): Promise<ChildProcess> {
	const home = join(folder, 'nginx')
	mkdirSync(home)
	const file = join(home, 'nginx.conf')
	const documented = readFileSync(join(prepared('CLAUDE_PROXY_TREE'), 'deploy/nginx.conf'), 'utf8')
	writeFileSync(file, completeConfiguration(documented, { home, port, upstreamPort }))
	const child = spawn('nginx', ['-p', home, '-c', file, '-e', 'stderr'], {
		stdio: ['ignore', 'ignore', 'pipe'],
	})
	let output = ''
	child.stderr?.on('data', chunk => {
		output += chunk
	})
	const exited = once(child, 'exit').then(() => Promise.reject(new Error(`nginx ended: ${output}`)))
	exited.catch(() => {})
	await Promise.race([waitUntilAnswered(`http://127.0.0.1:${port}/`), exited])
	return child
}

/** Ports, certificate and folders are this computer's; the rest is as documented. */
function completeConfiguration(
	documented: string,
	{ home, port, upstreamPort }: { home: string; port: number; upstreamPort: string },
): string {
	const site = documented
		.replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
		.replace(/^\s*ssl_certificate.*$/gm, '')
		.replace('server 127.0.0.1:3000;', `server 127.0.0.1:${upstreamPort};`)
	const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
		name => `${name}_temp_path ${home}/${name};`,
	)
	return [
		...['daemon off;', 'worker_processes 1;', `pid ${home}/nginx.pid;`],
		...['events { worker_connections 1024; }', 'http {', 'access_log off;', ...folders, site, '}', ''],
	].join('\n')
}

async function waitUntilAnswered(url: string): Promise<void> {
	while ((await fetch(url).catch(() => undefined)) === undefined) {
		await new Promise(resolve => setTimeout(resolve, 20))
	}
}

async function endNginx(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return
	const ended = once(child, 'exit')
	child.kill('SIGTERM')
	await ended
}
