import type { ConfigSession } from './config-session.ts'
import type { ExitCode } from './errors.ts'
import type { CliIo } from './io.ts'
import type { OptionSpecs, Options } from './parse-options.ts'
import type { CliTexts } from './texts/index.ts'
import type { Style } from './ui/style.ts'

/** One word of the command line. Its module is loaded only when it is called. */
export interface Command {
	/** What follows the program's name, one line per form. */
	readonly usage: readonly string[]
	readonly options: OptionSpecs
	readonly examples: readonly string[]
	/** Shown by `--help` below the options. */
	readonly details?: readonly string[]
	run(call: CommandCall): Promise<CommandResult>
}

export interface CommandCall {
	/** What is left when the command's name and the options are taken off. */
	readonly words: readonly string[]
	readonly options: Options
	readonly io: CliIo
	readonly style: Style
	/** What people are told, in their language; English for programs. */
	readonly texts: CliTexts
	/** Opens the database on first use; it is closed when the command is over. */
	openSession(): Promise<ConfigSession>
	/** One line beside the result, on stderr. */
	note(text: string): void
}

/** What a command did: `data` for programs, `lines` for people; only one of them is printed. */
export interface CommandResult {
	data: unknown
	lines: readonly string[]
	/** For a command that did what it should and found something wrong. */
	exitCode?: ExitCode
}
