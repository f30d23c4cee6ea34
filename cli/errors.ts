/** Exit codes of every command: docs/cli.md. */
export const exitCodes = {
	ok: 0,
	failed: 1,
	usage: 2,
	notFound: 3,
	conflict: 4,
	database: 5,
	cancelled: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with one sentence, what to do about it, and an exit code; never shown with a stack. */
export class CliError extends Error {
	override readonly name = 'CliError'
	readonly exitCode: ExitCode
	/** For scripts: `error.code` of the JSON output. */
	readonly code: string
	readonly hint: string | undefined
	constructor(exitCode: ExitCode, code: string, message: string, hint?: string) {
		super(message)
		this.exitCode = exitCode
		this.code = code
		this.hint = hint
	}
}
