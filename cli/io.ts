import { text as readAll } from 'node:stream/consumers'
import { CliError, exitCodes } from './errors.ts'
import { usageError } from './refuse.ts'
import { stripBom } from './ui/clean-text.ts'

/** The terminal, pipe or test that a command talks to. */
export interface CliIo {
	write(text: string): void
	writeError(text: string): void
	/** All of stdin. */
	readInput(): Promise<string>
	/** Only asked when `interactive`. */
	confirm(question: string): Promise<boolean>
	/** A person at both ends. */
	readonly interactive: boolean
	/** Width to fit lines into; undefined: as wide as they are. */
	readonly columns: number | undefined
	readonly color: boolean
	readonly errorColor: boolean
	/** How this program is called here: `npm run config --` or `claude-proxy`. */
	readonly program: string
}

export function createProcessIo(): CliIo {
	const { stdin, stdout, stderr } = process
	return {
		write: text => void stdout.write(text),
		writeError: text => void stderr.write(text),
		async readInput() {
			if (stdin.isTTY) stderr.write('paste one key per line, then press Ctrl-D\n')
			return stripBom(await readAll(stdin))
		},
		confirm: askYesNo,
		interactive: stdin.isTTY === true && stdout.isTTY === true,
		columns: stdout.isTTY ? stdout.columns : undefined,
		color: wantsColor(process.env, stdout.isTTY === true),
		errorColor: wantsColor(process.env, stderr.isTTY === true),
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
		const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
		throw usageError(`the file ${path} cannot be read (${reason})`)
	}
}
