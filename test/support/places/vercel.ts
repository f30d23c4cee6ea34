import { fileURLToPath } from 'node:url'
import { startPlacedChild } from './child.ts'
import { type Place, prepared } from './place.ts'

const runner = fileURLToPath(new URL('../vercel-output/main.ts', import.meta.url))

/** What `vercel build` made, run as the platform runs it, over a database server. */
export const vercel: Place = {
	database: 'remote',
	async start({ variables, folder }) {
		const args = [runner, prepared('CLAUDE_PROXY_TREE'), '0', variables.MAX_DURATION ?? '']
		const env = { VERCEL: '1', VERCEL_ENV: 'production', ...variables }
		const child = await startPlacedChild({ args, cwd: folder, env, tether: true })
		return { ...child, instances: 1 }
	},
}
