import packageJson from '../package.json' with { type: 'json' }
import { readTerms } from './based-on.ts'
import type { Command, CommandCall, CommandResult } from './command.ts'
import { commands } from './commands/index.ts'
import type { ConfigSession } from './config-session.ts'
import { toCliError } from './describe-error.ts'
import { type CliError, type ExitCode, exitCodes } from './errors.ts'
import { describeCommand, describeProgram } from './help.ts'
import type { CliIo } from './io.ts'
import { findNearest } from './nearest.ts'
import { changeOptions, globalOptions, type Options, parseOptions } from './parse-options.ts'
import { quoteWord } from './redact.ts'
import { programMark, usageError } from './refuse.ts'
import { tellWaiting } from './tell-waiting.ts'
import { joinMark, loadTexts } from './texts/index.ts'
import { createStyle } from './ui/style.ts'

/** Runs one command line and returns its exit code. Everything is printed through `io`; nothing is thrown. */
export async function runCli(typed: readonly string[], io: CliIo): Promise<ExitCode> {
	// pnpm hands on the `--` of `pnpm run config -- list`.
	const argv = typed[0] === '--' ? typed.slice(1) : typed
	const wantsJson = hasSwitch(argv, '--json')
	if (argv[0] === 'complete') return answerShell(argv.slice(1), io)
	const plain = wantsJson || hasSwitch(argv, '--no-color')
	const style = createStyle(io.color && !plain)
	const texts = await loadTexts(wantsJson ? 'en' : io.language)
	try {
		const result = await runCommandLine(argv, { io: speakingIo(io, texts), style, texts })
		printResult(io, result, wantsJson)
		return result.exitCode ?? exitCodes.ok
	} catch (thrown) {
		const error = toCliError(thrown)
		if (wantsJson) printJsonError(io, error)
		else printError(io, error, { texts, style: createStyle(io.errorColor && !plain) })
		return error.exitCode
	}
}

/** For the scripts that `completion` writes: no command of its own, since people do not type it. */
async function answerShell(words: readonly string[], io: CliIo): Promise<ExitCode> {
	const { runComplete } = await import('./complete.ts')
	await runComplete(words, io)
	return exitCodes.ok
}

type Speaker = Pick<CommandCall, 'io' | 'style' | 'texts'>

/** Questions are sentences, too. */
function speakingIo(io: CliIo, { say }: CommandCall['texts']): CliIo {
	return {
		...io,
		confirm: question => io.confirm(say(question)),
		askSecret: question => io.askSecret(say(question)),
	}
}

async function runCommandLine(argv: readonly string[], speaker: Speaker): Promise<CommandResult> {
	const { io, style } = speaker
	const { name, rest } = splitCommand(argv)
	if (name === undefined || name === 'help') {
		return answerWithoutCommand(rest, speaker, name === undefined)
	}
	const command = await loadCommand(name)
	const changes = commands[name]?.changes ? changeOptions : {}
	const { words, options } = parseOptions(rest, { ...command.options, ...changes, ...globalOptions })
	if (options.has('help')) return describeCommand(name, command, io, style)
	return runLoaded(command, words, options, speaker)
}

async function runLoaded(
	command: Command,
	words: readonly string[],
	options: Options,
	{ io, style, texts }: Speaker,
): Promise<CommandResult> {
	let session: Promise<ConfigSession> | undefined
	const note = (text: string) => io.writeError(`${joinMark(texts.marks.note, texts.say(text))}\n`)
	const terms = readTerms(options)
	const openSession = async () => {
		const { openConfigSession } = await import('./config-session.ts')
		return openConfigSession(note, terms)
	}
	try {
		const result = await command.run({
			...{ words, options, io, style, texts },
			openSession() {
				session ??= tellWaiting({ io, options, style, texts }, 'waiting for the database …', openSession())
				return session
			},
			note,
		})
		if (options.has('revision') || options.has('message')) await refuseUnused(session)
		return result
	} finally {
		const opened = await session?.catch(() => undefined)
		opened?.close()
	}
}

/** `--revision` must not pass for something else, such as which revision to show. */
async function refuseUnused(session: Promise<ConfigSession> | undefined): Promise<void> {
	if ((await session)?.changed()) return
	throw usageError('nothing is changed here: --revision and --message are for changes', 'leave them out')
}

async function runWizard(io: CliIo): Promise<CommandResult> {
	const wizard = await import('./wizard/index.ts')
	return { data: undefined, lines: [], exitCode: await wizard.runWizard(io) }
}

async function answerWithoutCommand(
	rest: readonly string[],
	speaker: Speaker,
	asksWizard: boolean,
): Promise<CommandResult> {
	const { io, style } = speaker
	const { words, options } = parseOptions(rest, globalOptions)
	if (options.has('version')) return { data: { version: packageJson.version }, lines: [packageJson.version] }
	const name = words[0] === 'config' ? words[1] : words[0]
	if (name === undefined) {
		const asks = asksWizard && io.interactive && !['json', 'no-input', 'help'].some(one => options.has(one))
		return asks ? runWizard(io) : describeProgram(io, speaker)
	}
	return describeCommand(name, await loadCommand(name), io, style)
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

/** A command without data has printed what there was to print. */
function printResult(io: CliIo, { data, lines }: CommandResult, asJson: boolean): void {
	if (data === undefined || (lines.length === 0 && !asJson)) return
	io.write(
		asJson ? `${JSON.stringify({ ok: true, data })}\n` : lines.map(line => `${line.trimEnd()}\n`).join(''),
	)
}

function printJsonError(io: CliIo, { code, message, hint, details }: CliError): void {
	const shown = hint === undefined ? {} : { hint: nameProgram(hint, io) }
	io.write(`${JSON.stringify({ ok: false, error: { code, message, ...shown, ...details?.data } })}\n`)
}

function printError(io: CliIo, error: CliError, { texts, style }: Omit<Speaker, 'io'>): void {
	const { say, marks } = texts
	const lines = (error.details?.lines ?? []).map(line =>
		line.replace(/^( *(?:[~+-] )?)(.*)$/s, (_, mark: string, text: string) => mark + say(text)),
	)
	io.writeError([joinMark(style.bad(marks.error), say(error.message)), ...lines, ''].join('\n'))
	if (error.hint !== undefined) {
		io.writeError(`${joinMark(marks.hint, say(nameProgram(error.hint, io)))}\n`)
	}
}

const nameProgram = (hint: string, { program }: CliIo) => hint.replaceAll(programMark, program)
