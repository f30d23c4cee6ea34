import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { childVariables, findFreePort } from './child.ts'
import { type Place, type PlacedOptions, type PlacedServer, prepared } from './place.ts'

/** What is used of pm2's programmatic interface. Source: https://pm2.keymetrics.io/docs/usage/pm2-api/ */
interface Pm2 {
	connect(done: (error?: Error) => void): void
	start(app: object, done: (error?: Error) => void): void
	reload(name: string, done: (error?: Error) => void): void
	delete(name: string, done: (error?: Error) => void): void
	describe(name: string, done: (error: Error | undefined, found: { pid?: number }[]) => void): void
}

const load = createRequire(import.meta.url)
let connected: Promise<Pm2> | undefined

/** The daemon that `deploy:check` has started (PM2_HOME says which). */
function connectPm2(): Promise<Pm2> {
	connected ??= new Promise((resolve, reject) => {
		const pm2 = load(prepared('CLAUDE_PROXY_PM2')) as Pm2
		pm2.connect(error => (error ? reject(error) : resolve(pm2)))
	})
	return connected
}

const finish = (run: (done: (error?: Error) => void) => void): Promise<void> =>
	new Promise((resolve, reject) => run(error => (error ? reject(error) : resolve())))

let count = 0

interface Pm2Server extends PlacedServer {
	/** As after an update: `pm2 reload`. */
	reload(): Promise<void>
	/** Of the processes that take new requests. */
	pids(): Promise<number[]>
}

/** Two processes of one application, by ecosystem.config.cjs. */
export const pm2: Omit<Place, 'start'> & { start(options: PlacedOptions): Promise<Pm2Server> } = {
	database: 'file',
	async start({ variables, folder }) {
		const api = await connectPm2()
		const tree = prepared('CLAUDE_PROXY_TREE')
		const { apps } = load(join(tree, 'ecosystem.config.cjs')) as { apps: Record<string, unknown>[] }
		const name = `claude-proxy-${process.pid}-${++count}`
		const port = await findFreePort()
		const logs = join(folder, 'logs')
		mkdirSync(logs)
		const env = childVariables({ PORT: String(port), SHUTDOWN_TIMEOUT: '2000', ...variables })
		const files = { output: join(logs, 'out.log'), error: join(logs, 'error.log'), pid: join(logs, 'pid') }
		// Its folder is the test's, where a .env is found as in a user's own.
		const app = { ...apps[0], ...files, name, script: join(tree, 'dist/cli/main.js'), cwd: folder, env }
		await finish(done => api.start({ ...app, autorestart: false }, done))
		return {
			...{ url: `http://127.0.0.1:${port}`, instances: Number(apps[0]?.instances) },
			output: () =>
				readdirSync(logs)
					.map(file => readFileSync(join(logs, file), 'utf8'))
					.join(''),
			stop: () => finish(done => api.delete(name, done)),
			reload: () => finish(done => api.reload(name, done)),
			pids: () =>
				new Promise<number[]>((resolve, reject) => {
					api.describe(name, (error, found) =>
						error ? reject(error) : resolve(found.map(({ pid }) => pid ?? 0)),
					)
				}),
		}
	},
}
