import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type IPty, spawn } from '@lydell/node-pty'
import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { quietProgress } from '../../scripts/lib/progress.ts'

/** The program in a pseudo-terminal, with a person who reads before typing. */
export interface Terminal {
	/** Waits until a text has come, after what was waited for before. */
	see(text: string): Promise<void>
	type(keys: string): void
	/** Everything so far, without colours and movements of the cursor. */
	screen(): string
	/** The same with all of them. */
	written(): string
	ended(): Promise<number>
	kill(): void
}

export interface TerminalOptions {
	folder: string
	/** Of the user. */
	home: string
	variables?: Record<string, string>
	argv?: readonly string[]
	columns?: number
}

export const keys = { enter: '\r', down: '\u001b[B', escape: '\u001b', interrupt: '\u0003' }

/** Longest wait for a text: a start of the program on a busy computer. */
const patienceMs = 60_000

export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
	const entry = await ensureCli(projectRoot, quietProgress)
	const env = {
		...{ PATH: process.env.PATH ?? '', HOME: options.home, TERM: 'xterm-256color', LANG: 'en_US.UTF-8' },
		...options.variables,
	}
	const pty: IPty = spawn(process.execPath, [entry, ...(options.argv ?? [])], {
		...{ cwd: options.folder, env, cols: options.columns ?? 80, rows: 40 },
	})
	let output = ''
	let seen = 0
	let waiting = () => {}
	let over = false
	const end = Promise.withResolvers<number>()
	pty.onData(text => {
		output += text
		waiting()
	})
	pty.onExit(({ exitCode }) => {
		over = true
		end.resolve(exitCode)
		waiting()
	})
	const plain = () => stripVTControlCharacters(output)

	async function see(text: string): Promise<void> {
		const deadline = Date.now() + patienceMs
		for (;;) {
			const at = plain().indexOf(text, seen)
			if (at >= 0) {
				seen = at + text.length
				return
			}
			if (over || Date.now() > deadline) {
				throw new Error(`${JSON.stringify(text)} did not come; since then:\n${plain().slice(seen)}`)
			}
			const more = Promise.withResolvers<void>()
			waiting = more.resolve
			const timer = setTimeout(more.resolve, deadline - Date.now())
			await more.promise
			clearTimeout(timer)
		}
	}

	return {
		see,
		type: text => pty.write(text),
		screen: plain,
		written: () => output,
		ended: () => end.promise,
		kill() {
			if (!over) pty.kill('SIGKILL')
		},
	}
}

/** Every file below some folders, and what is in it: to tell that nothing was written. */
export function photograph(...folders: string[]): Record<string, string> {
	const found: Record<string, string> = {}
	for (const folder of folders) {
		for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
			const path = join(folder, name)
			if (statSync(path).isFile()) found[path] = readFileSync(path, 'latin1')
		}
	}
	return found
}
