import { styleText } from 'node:util'
import { AutocompletePrompt } from '@clack/core'
import { limitOptions, S_BAR, S_BAR_END, S_RADIO_ACTIVE, S_RADIO_INACTIVE, symbol } from '@clack/prompts'

export interface SearchWords {
	/** Before what is typed. */
	label: string
	matches(count: number): string
	noMatch: string
	/** Below the options. */
	help: string
}

interface SearchOption {
	value: number
	label: string
	hint?: string
}

export interface SearchQuestion {
	message: string
	options: SearchOption[]
	placeholder: string
	filter(typed: string, option: SearchOption): boolean
}

type Drawn = Omit<AutocompletePrompt<SearchOption>, 'prompt'>

const maxItems = 8

/** Options are found by typing. Clack has the same with words of its own, in English only. */
export function promptSearch(question: SearchQuestion, words: SearchWords): Promise<unknown> {
	const { options, placeholder, filter } = question
	const prompt = new AutocompletePrompt<SearchOption>({
		...{ options, placeholder, filter },
		render() {
			return draw(this, question, words)
		},
	})
	return prompt.prompt()
}

function draw(prompt: Drawn, { message, options, placeholder }: SearchQuestion, words: SearchWords): string {
	const faint = (text: string) => styleText('dim', text)
	const { state, userInput, filteredOptions } = prompt
	const head = [styleText('gray', S_BAR), `${symbol(state)}  ${message}`]
	if (state === 'submit' || state === 'cancel') {
		const chosen = options.filter(({ value }) => prompt.selectedValues.includes(value))
		const shown = state === 'submit' ? chosen.map(({ label }) => label).join(', ') : userInput
		const text = state === 'submit' ? faint(shown) : styleText(['strikethrough', 'dim'], shown)
		return [...head, `${styleText('gray', S_BAR)}${shown === '' ? '' : `  ${text}`}`].join('\n')
	}
	const bar = styleText('cyan', S_BAR)
	const typed = userInput === '' ? faint(placeholder) : prompt.isNavigating ? faint(userInput) : undefined
	const count = filteredOptions.length
	const found = count === options.length ? '' : faint(` (${words.matches(count)})`)
	const rows = [
		...head,
		bar,
		`${bar}  ${faint(words.label)} ${typed ?? prompt.userInputWithCursor}${found}`,
		...(count === 0 ? [`${bar}  ${styleText('yellow', words.noMatch)}`] : []),
	]
	const listed = count === 0 ? [] : listOptions(prompt, rows.length + 2)
	return [
		...rows,
		...listed.map(row => `${bar}  ${row}`),
		`${bar}  ${words.help}`,
		styleText('cyan', S_BAR_END),
	].join('\n')
}

function listOptions(prompt: Drawn, rowPadding: number): string[] {
	return limitOptions({
		...{ cursor: prompt.cursor, options: prompt.filteredOptions, columnPadding: 3, rowPadding, maxItems },
		style({ label, hint, value }, active) {
			if (!active) return `${styleText('dim', S_RADIO_INACTIVE)} ${styleText('dim', label)}`
			const more = hint && value === prompt.focusedValue ? styleText('dim', ` (${hint})`) : ''
			return `${styleText('green', S_RADIO_ACTIVE)} ${label}${more}`
		},
	})
}
