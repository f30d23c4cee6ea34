/** Exit codes of every command: docs/cli.md. */
export const exitCodes = {
	ok: 0,
	failed: 1,
	usage: 2,
	notFound: 3,
	conflict: 4,
	database: 5,
	upstream: 7,
	rejected: 8,
	cancelled: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What belongs to an error besides its sentence: lines for people, members of `error` for programs. */
export interface ErrorDetails {
	lines: readonly string[]
	data: Readonly<Record<string, unknown>>
}

/** Ends a command with one sentence, what to do about it, and an exit code; never shown with a stack. */
export class CliError extends Error {
	override readonly name = 'CliError'
	readonly exitCode: ExitCode
	/** For scripts: `error.code` of the JSON output. */
	readonly code: string
	readonly hint: string | undefined
	readonly details: ErrorDetails | undefined
	constructor(exitCode: ExitCode, code: string, message: string, hint?: string, details?: ErrorDetails) {
		super(message)
		this.details = details
		this.exitCode = exitCode
		this.code = code
		this.hint = hint
	}
}
