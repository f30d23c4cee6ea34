import type { AddedKeys } from '../db/index.ts'
import type { CommandCall } from './command.ts'
import { joinMark } from './texts/index.ts'
import { toOneLine } from './ui/clean-text.ts'

/** Keys that were typed as words of a command stay in the shell's history file. */
export function noteShellHistory(call: CommandCall): void {
	call.note("typed keys stay in the shell's history: --key-stdin, --key-env and --key-file avoid that")
}

export function noteUnverifiedTls(call: CommandCall, name: string): void {
	call.note(`TLS certificates of ${name} are not verified: only for servers and networks you trust`)
}

/** The same key in two upstreams is used up twice as fast; that may be meant so. */
export function describeElsewhere({ style, texts }: CommandCall, { elsewhere }: AddedKeys): string[] {
	return elsewhere.map(({ mask, upstreamName }) =>
		style.caution(texts.say(`${mask} is also a key of ${upstreamName}`)),
	)
}

/** What a restore or an import could not do as it was. */
export function describeWarning({ style, texts }: CommandCall, warning: string): string {
	const { marks, say } = texts
	return joinMark(style.caution(marks.warning), say(toOneLine(warning)))
}
