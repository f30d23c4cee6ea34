import packageJson from '../package.json' with { type: 'json' }
import type { Command, CommandCall, CommandResult } from './command.ts'
import { commands } from './commands/index.ts'
import type { ConfigSession } from './config-session.ts'
import { toCliError } from './describe-error.ts'
import { type CliError, exitCodes } from './errors.ts'
import { describeCommand, describeProgram } from './help.ts'
import type { CliIo } from './io.ts'
import { findNearest } from './nearest.ts'
import { globalOptions, type Options, parseOptions } from './parse-options.ts'
import { quoteWord } from './redact.ts'
import { programMark, usageError } from './refuse.ts'
import { createStyle } from './ui/style.ts'

/** Runs one command line and returns its exit code. Everything is printed through `io`; nothing is thrown. */
export async function runCli(typed: readonly string[], io: CliIo): Promise<number> {
	// pnpm hands on the `--` of `pnpm run config -- list`.
	const argv = typed[0] === '--' ? typed.slice(1) : typed
	const wantsJson = hasSwitch(argv, '--json')
	const plain = wantsJson || hasSwitch(argv, '--no-color')
	const style = createStyle(io.color && !plain)
	try {
		const result = await runCommandLine(argv, io, style)
		if (result !== undefined) printResult(io, result, wantsJson)
		return exitCodes.ok
	} catch (thrown) {
		const error = toCliError(thrown)
		printError(io, error, wantsJson, createStyle(io.errorColor && !plain).bad)
		return error.exitCode
	}
}

async function runCommandLine(
	argv: readonly string[],
	io: CliIo,
	style: CommandCall['style'],
): Promise<CommandResult | undefined> {
	const { name, rest } = splitCommand(argv)
	if (name === undefined || name === 'help') return answerWithoutCommand(rest, io, style)
	const command = await loadCommand(name)
	const { words, options } = parseOptions(rest, { ...command.options, ...globalOptions })
	if (options.has('help')) return describeCommand(name, command, io.program, style)
	return runLoaded(command, words, options, io, style)
}

async function runLoaded(
	command: Command,
	words: readonly string[],
	options: Options,
	io: CliIo,
	style: CommandCall['style'],
): Promise<CommandResult | undefined> {
	let session: Promise<ConfigSession> | undefined
	const note = (text: string) => io.writeError(`note: ${text}\n`)
	const openSession = async () => {
		const { openConfigSession } = await import('./config-session.ts')
		return openConfigSession(note)
	}
	try {
		const result = await command.run({
			...{ words, options, io, style },
			openSession() {
				session ??= openSession()
				return session
			},
			note,
		})
		return result.data === undefined ? undefined : result
	} finally {
		const opened = await session?.catch(() => undefined)
		opened?.close()
	}
}

async function answerWithoutCommand(
	rest: readonly string[],
	io: CliIo,
	style: CommandCall['style'],
): Promise<CommandResult> {
	const { words, options } = parseOptions(rest, globalOptions)
	if (options.has('version')) return { data: { version: packageJson.version }, lines: [packageJson.version] }
	const name = words[0] === 'config' ? words[1] : words[0]
	if (name === undefined) return describeProgram(io.program, style)
	return describeCommand(name, await loadCommand(name), io.program, style)
}

/** The command is the first word; `config` before it is what the original's script was called, and changes nothing. */
function splitCommand(argv: readonly string[]): { name: string | undefined; rest: string[] } {
	const rest = [...argv]
	let at = rest.findIndex(word => !word.startsWith('-'))
	if (rest[at] === 'config') {
		rest.splice(at, 1)
		at = rest.findIndex(word => !word.startsWith('-'))
	}
	if (at === -1) return { name: undefined, rest }
	const [name] = rest.splice(at, 1)
	return { name, rest }
}

async function loadCommand(name: string): Promise<Command> {
	const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
	if (entry !== undefined) return entry.load()
	const nearest = findNearest(name.slice(0, 40), Object.keys(commands))
	const hint = nearest === undefined ? `${programMark} help lists the commands` : `did you mean ${nearest}?`
	throw usageError(`there is no command ${quoteWord(name)}`, hint)
}

function hasSwitch(argv: readonly string[], name: string): boolean {
	const end = argv.indexOf('--')
	return (end === -1 ? argv : argv.slice(0, end)).includes(name)
}

function printResult(io: CliIo, { data, lines }: CommandResult, asJson: boolean): void {
	io.write(
		asJson ? `${JSON.stringify({ ok: true, data })}\n` : lines.map(line => `${line.trimEnd()}\n`).join(''),
	)
}

function printError(io: CliIo, error: CliError, asJson: boolean, paint: (text: string) => string): void {
	const { code, message } = error
	const hint = error.hint?.replaceAll(programMark, io.program)
	if (asJson) {
		io.write(
			`${JSON.stringify({ ok: false, error: { code, message, ...(hint === undefined ? {} : { hint }) } })}\n`,
		)
		return
	}
	io.writeError(`${paint('error:')} ${message}\n`)
	if (hint !== undefined) io.writeError(`hint: ${hint}\n`)
}
