import { join } from 'node:path'
import { startPlacedChild } from './child.ts'
import { type Place, prepared } from './place.ts'

/** `npm start` without npm: the built program in a process of its own. */
export const start: Place = {
	database: 'file',
	async start({ variables, folder }) {
		const program = join(prepared('CLAUDE_PROXY_TREE'), 'dist/cli/main.js')
		const env = { PORT: '0', ...variables }
		const child = await startPlacedChild({ args: [program, 'serve'], cwd: folder, env })
		return { ...child, instances: 1 }
	},
}
