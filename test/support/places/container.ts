import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPlacedChild } from './child.ts'
import { type Place, prepared } from './place.ts'

/** What `deploy:check` took from the Dockerfile. */
interface Image {
	/** The image's file system, as far as the Dockerfile fills it. */
	root: string
	workdir: string
	command: string[]
	variables: Record<string, string>
	uid: number
}

/** The image's command as the image's user, in the tree that the Dockerfile copies together. */
export const container: Place = {
	database: 'file',
	async start({ variables, folder }) {
		const image = JSON.parse(readFileSync(prepared('CLAUDE_PROXY_IMAGE'), 'utf8')) as Image
		// The volume: the one place that this user may write to.
		chmodSync(folder, 0o777)
		mkdirSync(join(folder, 'data'), { recursive: true })
		const [, ...args] = image.command
		const env = { ...image.variables, PORT: '0', ...variables, HOME: folder, TMPDIR: folder }
		const { uid, workdir, root } = image
		const child = await startPlacedChild({ args, cwd: join(root, workdir), env, uid })
		return { ...child, instances: 1 }
	},
}
