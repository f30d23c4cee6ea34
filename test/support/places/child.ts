import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PlacedChild {
	process: ChildProcess
	url: string
	output(): string
	stop(): Promise<void>
}

export interface ChildOptions {
	args: readonly string[]
	cwd: string
	env: Readonly<Record<string, string>>
	/** User and group to run as; only root may choose. */
	uid?: number
	/** Keeps the child's standard input open for as long as this process lives. */
	tether?: boolean
}

/** What a child needs of this process: a proxy or collector that a test has set, and nothing secret. */
function inheritedVariables(): Record<string, string> {
	const wanted = /^(?:PATH|TMPDIR|OTEL_.*|HTTPS?_PROXY|NO_PROXY)$/
	const entries = Object.entries(process.env).filter(([name, value]) => wanted.test(name) && value)
	return Object.fromEntries(entries) as Record<string, string>
}

export const childVariables = (variables: Readonly<Record<string, string>>): Record<string, string> => ({
	...inheritedVariables(),
	NO_COLOR: '1',
	...variables,
})

/** Starts `node <args>` and waits until it prints its address. */
export async function startPlacedChild(options: ChildOptions): Promise<PlacedChild> {
	const child = spawn(process.execPath, [...options.args], {
		...{ cwd: options.cwd, env: childVariables(options.env) },
		stdio: [options.tether ? 'pipe' : 'ignore', 'pipe', 'pipe'],
		...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
	})
	let output = ''
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => {
			output += text
		})
	}
	const exited = once(child, 'exit').then(() => 'ended')
	const findUrl = () => /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output)?.[0]
	while (findUrl() === undefined) {
		if ((await Promise.race([once(child.stdout!, 'data'), exited])) === 'ended') throw new Error(output)
	}
	const url = findUrl()!.replace('localhost', '127.0.0.1')
	return { process: child, url, output: () => output, stop: () => stopChild(child) }
}

const patienceMs = 3000

/** As a supervisor does it: asked first, ended then. */
async function stopChild(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return
	const ended = once(child, 'exit')
	const force = setTimeout(() => child.kill('SIGKILL'), patienceMs)
	child.kill('SIGTERM')
	await ended
	clearTimeout(force)
}

/** A port that nothing uses at the moment. */
export async function findFreePort(): Promise<number> {
	const server = createServer()
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const { port } = server.address() as AddressInfo
	await new Promise(resolve => server.close(resolve))
	return port
}
