import { chownSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPlacedChild } from './child.ts'
import { type Place, prepared } from './place.ts'

/** What `deploy:check` took from the Dockerfile. */
interface Image {
	/** The image's file system, as far as the Dockerfile fills it. */
	root: string
	workdir: string
	command: string[]
	healthcheck: string[]
	volumes: string[]
	variables: Record<string, string>
	uid: number
}

export const readImage = () => JSON.parse(readFileSync(prepared('CLAUDE_PROXY_IMAGE'), 'utf8')) as Image

/** The image's command as the image's user, in the tree that the Dockerfile copies together. */
export const container: Place = {
	database: 'file',
	async start({ variables, folder }) {
		const image = readImage()
		// The volume: the one place that this user may write to. The test has put its database there.
		const { uid, workdir, root } = image
		chownSync(folder, uid, uid)
		for (const name of readdirSync(folder)) chownSync(join(folder, name), uid, uid)
		const [, ...args] = image.command
		const env = { ...image.variables, PORT: '0', CLAUDE_PROXY_HOME: folder, ...variables, HOME: folder }
		const child = await startPlacedChild({ args, cwd: join(root, workdir), env, uid })
		return { ...child, instances: 1 }
	},
}
