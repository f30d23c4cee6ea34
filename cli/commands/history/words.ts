import type { CommandCall } from '../../command.ts'
import { CliError, exitCodes } from '../../errors.ts'
import { usageError } from '../../refuse.ts'

/** @throws CliError usage */
export function readRevisionNumber(word: string | undefined, usage: string): number {
	if (word !== undefined && /^\d{1,15}$/.test(word)) return Number(word)
	const hint = word === undefined ? undefined : 'revisions are the numbers in the first column of: history'
	throw usageError(`a revision's number is needed: ${usage}`, hint)
}

/** @throws CliError usage, when words are left over */
export function refuseMore(words: readonly string[], usage: string): void {
	if (words.length > 0) throw usageError(`too many words: ${usage}`)
}

/**
 * Asks in a terminal; elsewhere `--yes` must have been given.
 * @throws CliError usage, or cancelled
 */
export async function confirmOrRefuse(
	call: CommandCall,
	options: { lines: readonly string[]; question: string; unchanged: string },
): Promise<void> {
	if (call.options.has('yes')) return
	const asks = call.io.interactive && !['json', 'no-input'].some(option => call.options.has(option))
	if (!asks) throw usageError(`${options.unchanged}: add --yes to do it without a question`)
	call.io.writeError(options.lines.map(line => `${line}\n`).join(''))
	if (await call.io.confirm(options.question)) return
	throw new CliError(exitCodes.cancelled, 'cancelled', `cancelled: ${options.unchanged}`)
}
