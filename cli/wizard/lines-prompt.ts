import { styleText } from 'node:util'
import { Prompt } from '@clack/core'
import { S_BAR, S_BAR_END, symbol } from '@clack/prompts'
import { clipText } from '../ui/text-width.ts'

export interface LinesQuestion {
	message: string
	/** Below the question while it is open. */
	help: string
	/** How a line is shown once it is complete: secrets in it must not be. */
	describe(line: string, before: readonly string[]): string
	/** What is wrong with all lines together; undefined when nothing is. */
	judge?(lines: readonly string[]): string | undefined
}

/** Most lines that are shown; the count tells of the rest. */
const shownLines = 8
/** Longest line that is kept, so that a pasted file cannot fill the memory. */
const maxLines = 2000

/**
 * Takes one line after the other until an empty one, as they come from the clipboard. The line being typed is shown as
 * dots: it may be a key. Clack's password prompt ends at the first line break of a paste, hence this one.
 */
class LinesPrompt extends Prompt<string[]> {
	readonly lines: string[] = []

	protected override _shouldSubmit(): boolean {
		const line = this.userInput.trim()
		if (line === '' || this.lines.length >= maxLines) return true
		this.lines.push(line)
		this._clearUserInput()
		this._setValue([...this.lines])
		return false
	}

	protected override _isActionKey(): boolean {
		return false
	}
}

export function promptLines({ message, help, describe, judge }: LinesQuestion): Promise<string[] | symbol> {
	const described: string[] = []
	const prompt: LinesPrompt = new LinesPrompt({
		validate: () => judge?.(prompt.lines),
		render() {
			const { lines } = prompt
			for (let at = described.length; at < lines.length; at++) {
				described.push(describe(lines[at] ?? '', lines.slice(0, at)))
			}
			return draw(message, help, described, this)
		},
	})
	return prompt.prompt().then(answer => (typeof answer === 'symbol' ? answer : prompt.lines))
}

function draw(
	message: string,
	help: string,
	described: readonly string[],
	{ state, userInput, error }: Pick<LinesPrompt, 'state' | 'userInput' | 'error'>,
): string {
	const faint = (text: string) => styleText('gray', text)
	const open = state === 'initial' || state === 'active' || state === 'error'
	const bar = open ? styleText('cyan', S_BAR) : faint(S_BAR)
	const room = Math.max(20, (process.stdout.columns ?? 80) - 6)
	const hiddenCount = Math.max(0, described.length - shownLines)
	const rows = [
		...(hiddenCount > 0 ? [faint(`… +${hiddenCount}`)] : []),
		...described.slice(hiddenCount).map(line => clipText(line, room)),
	]
	const typed = `${'•'.repeat(Math.min(userInput.length, room - 2))}${styleText('inverse', ' ')}`
	return [
		faint(S_BAR),
		`${symbol(state)}  ${message}`,
		...rows.map(row => `${bar}  ${open ? row : faint(row)}`),
		...(open ? [`${bar}  ${typed}`] : []),
		...(state === 'error' ? [`${styleText('yellow', S_BAR_END)}  ${styleText('yellow', error)}`] : []),
		...(open && state !== 'error' ? [`${styleText('cyan', S_BAR_END)}  ${faint(help)}`] : []),
	].join('\n')
}
