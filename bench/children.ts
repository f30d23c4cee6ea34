import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

export interface Child {
	pid: number
	process: ChildProcess
	/** Where it listens. */
	url: string
	/** The end of what it printed lately: why it fails, if it does. */
	readOutput(): string
	stop(): Promise<void>
}

export interface ChildOptions {
	args: readonly string[]
	cwd?: string
	/** The whole environment; the parent's proxy settings must not reach a target. */
	env?: Record<string, string>
	ipc?: boolean
}

const running = new Set<ChildProcess>()
const startMs = 20_000
const stopMs = 3000

process.on('exit', () => {
	for (const child of running) child.kill('SIGKILL')
})

/** Starts `node <args>` and waits until it prints its address. */
export async function startChild(options: ChildOptions): Promise<Child> {
	const child = spawn(process.execPath, options.args, {
		cwd: options.cwd ?? process.cwd(),
		env: { PATH: process.env.PATH ?? '', ...options.env },
		stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? (['ipc'] as const) : [])],
	})
	running.add(child)
	child.once('exit', () => running.delete(child))
	const readOutput = keepOutput(child)
	const url = await readAddress(child, options.args.join(' '), readOutput)
	return { pid: child.pid as number, process: child, url, readOutput, stop: () => stopChild(child) }
}

function keepOutput(child: ChildProcess): () => string {
	let output = ''
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(-4000)
		})
	}
	return () => output
}

function readAddress(child: ChildProcess, name: string, readOutput: () => string): Promise<string> {
	return new Promise((resolve, reject) => {
		const fail = (reason: string) => reject(new Error(`${name} ${reason}\n${readOutput()}`))
		const timer = setTimeout(() => fail(`did not start within ${startMs / 1000} s`), startMs)
		child.stdout?.on('data', () => {
			const address = /http:\/\/127\.0\.0\.1:\d+/.exec(readOutput())?.[0]
			if (address === undefined) return
			clearTimeout(timer)
			resolve(address)
		})
		child.once('exit', code => {
			clearTimeout(timer)
			fail(`ended with code ${code}`)
		})
	})
}

async function stopChild(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return
	const ended = once(child, 'exit')
	child.kill('SIGTERM')
	const late = new AbortController()
	const force = wait(stopMs, undefined, { signal: late.signal }).then(
		() => child.kill('SIGKILL'),
		() => {},
	)
	await ended
	late.abort()
	await force
}

/** Sends a message to a child with IPC and waits for its one answer. */
export async function askChild<Answer>(child: Child, message: object): Promise<Answer> {
	const over = new AbortController()
	const ended = once(child.process, 'exit', { signal: over.signal }).then(() => {
		throw new Error(`process ${child.pid} ended while it was needed`)
	})
	ended.catch(() => {})
	const answered = once(child.process, 'message', { signal: over.signal })
	answered.catch(() => {})
	try {
		child.process.send(message)
		const [answer] = await Promise.race([answered, ended])
		return answer as Answer
	} finally {
		over.abort()
	}
}
