import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

export interface RunOptions {
	cwd: string
	env?: Readonly<Record<string, string>>
	/** Shows the output while it comes; otherwise it is shown only when the command fails. */
	visible?: boolean
	uid?: number
}

/** The Node that runs this also runs whatever asks for `node`. */
const withThisNode = (): Record<string, string | undefined> => ({
	...process.env,
	PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
	...{ NO_COLOR: '1', CI: 'true' },
})

/** Runs a command to its end and returns what it printed. @throws Error with its output when it fails */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
	const { cwd, env, visible = false, uid } = options
	const child = spawn(command, [...args], {
		...{ cwd, env: { ...withThisNode(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
		...(uid !== undefined && { uid, gid: uid }),
	})
	let output = ''
	for (const [stream, target] of [
		[child.stdout, process.stdout],
		[child.stderr, process.stderr],
	] as const) {
		stream?.on('data', (chunk: Buffer) => {
			output += chunk
			if (visible) target.write(chunk)
		})
	}
	return new Promise((resolve, reject) => {
		child.once('error', reject)
		child.once('close', code => {
			if (code === 0) return resolve(output)
			const shown = visible ? '' : `\n${output}`
			reject(new Error(`${command} ${args.join(' ')} ended with code ${code}${shown}`))
		})
	})
}
