import { text as readAll } from 'node:stream/consumers'
import { isatty } from 'node:tty'
import { describeUnreadable } from './cannot-read.ts'
import { CliError, exitCodes } from './errors.ts'
import { usageError } from './refuse.ts'
import { type Language, readLanguage } from './texts/index.ts'
import { stripBom } from './ui/clean-text.ts'

/** The terminal, pipe or test that a command talks to. */
export interface CliIo {
	write(text: string): void
	writeError(text: string): void
	/** All of stdin, as far as `maxLength`; `hint` tells a person at the keyboard what to type. */
	readInput(options?: { hint?: string; maxLength?: number }): Promise<string>
	/** Only asked when `interactive`. */
	confirm(question: string): Promise<boolean>
	/** Only asked when `interactive`; what is typed is not shown. */
	askSecret(question: string): Promise<string>
	/** Runs when Ctrl-C is pressed, instead of ending the program; what is returned ends that. */
	onInterrupt(run: () => void): () => void
	/** A person at both ends. */
	readonly interactive: boolean
	/** Width to fit lines into; undefined: as wide as they are. */
	readonly columns: number | undefined
	readonly color: boolean
	readonly errorColor: boolean
	readonly language: Language
	/** How this program is called here: `npm run config --` or `claude-proxy`. */
	readonly program: string
}

/** Streams are taken when they are needed: making those that a command does not use is 2 ms of each start. */
export function createProcessIo(): CliIo {
	const [typed, shown, errorShown] = [isatty(0), isatty(1), isatty(2)]
	return {
		write: text => void process.stdout.write(text),
		writeError: text => void process.stderr.write(text),
		async readInput({ hint = 'paste one key per line, then press Ctrl-D', maxLength } = {}) {
			if (typed) process.stderr.write(`${hint}\n`)
			const { stdin } = process
			return stripBom(maxLength === undefined ? await readAll(stdin) : await readSome(stdin, maxLength))
		},
		confirm: askYesNo,
		askSecret,
		onInterrupt(run) {
			process.on('SIGINT', run)
			process.on('SIGTERM', run)
			return () => {
				process.off('SIGINT', run)
				process.off('SIGTERM', run)
			}
		},
		interactive: typed && shown,
		columns: shown ? process.stdout.columns : undefined,
		color: wantsColor(process.env, shown),
		errorColor: wantsColor(process.env, errorShown),
		language: readLanguage(process.env),
		program: nameProgram(process.argv[1] ?? ''),
	}
}

/** https://no-color.org, and FORCE_COLOR as Node knows it. */
export function wantsColor(variables: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
	if (variables.NO_COLOR) return false
	if (variables.FORCE_COLOR !== undefined) return !['0', 'false'].includes(variables.FORCE_COLOR)
	return isTerminal && variables.TERM !== 'dumb'
}

/** An installed program is called by its name, a checkout through npm. */
export function nameProgram(entry: string): string {
	return /(?:^|[\\/])claude-proxy(?:\.js)?$|node_modules[\\/]claude-proxy[\\/]/.test(entry)
		? 'claude-proxy'
		: 'npm run config --'
}

/** What is longer is cut off behind the limit, where whoever reads it notices. */
async function readSome(stream: NodeJS.ReadableStream, maxLength: number): Promise<string> {
	let text = ''
	for await (const chunk of stream.setEncoding('utf8')) {
		text += chunk
		if (text.length > maxLength) break
	}
	return text
}

async function askSecret(question: string): Promise<string> {
	const { createInterface } = await import('node:readline/promises')
	const { Writable } = await import('node:stream')
	// In raw mode, which begins here, the terminal shows nothing by itself; readline echoes into the void.
	const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
	const prompt = createInterface({ input: process.stdin, output: silence, terminal: true })
	const cancelled = new Promise<never>((_, reject) => {
		const stop = () => reject(new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was done'))
		prompt.once('SIGINT', stop)
		prompt.once('close', stop)
	})
	try {
		process.stderr.write(question)
		return await Promise.race([prompt.question(''), cancelled])
	} finally {
		process.stderr.write('\n')
		cancelled.catch(() => {})
		prompt.close()
	}
}

async function askYesNo(question: string): Promise<boolean> {
	const { createInterface } = await import('node:readline/promises')
	const prompt = createInterface({ input: process.stdin, output: process.stderr })
	const cancelled = new Promise<never>((_, reject) => {
		const stop = () =>
			reject(new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was changed'))
		prompt.once('SIGINT', stop)
		prompt.once('close', stop)
	})
	try {
		const answer = await Promise.race([prompt.question(`${question} [y/N] `), cancelled])
		return /^y(?:es)?$/i.test(answer.trim())
	} catch (error) {
		process.stderr.write('\n')
		throw error
	} finally {
		cancelled.catch(() => {})
		prompt.close()
	}
}

/** @throws CliError usage, when the file cannot be read */
export async function readTextFile(path: string): Promise<string> {
	const { readFile } = await import('node:fs/promises')
	try {
		return stripBom(await readFile(path, 'utf8'))
	} catch (error) {
		throw usageError(describeUnreadable(path, error))
	}
}
