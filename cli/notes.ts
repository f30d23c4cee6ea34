import type { CommandCall } from './command.ts'

/** Keys that were typed as words of a command stay in the shell's history file. */
export function noteShellHistory(call: CommandCall): void {
	call.note("typed keys stay in the shell's history: --key-stdin, --key-env and --key-file avoid that")
}

export function noteUnverifiedTls(call: CommandCall, name: string): void {
	call.note(`TLS certificates of ${name} are not verified: only for servers and networks you trust`)
}
