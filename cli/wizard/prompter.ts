import * as clack from '@clack/prompts'
import { clipText, wrapText } from '../ui/text-width.ts'
import { type LinesQuestion, promptLines } from './lines-prompt.ts'
import { promptSearch } from './search-prompt.ts'
import type { WizardTexts } from './texts.ts'

/** The person left a question: by Esc, or the whole program by Ctrl-C. */
export class WizardLeft extends Error {
	override readonly name = 'WizardLeft'
	readonly all: boolean
	constructor(all: boolean) {
		super('cancelled')
		this.all = all
	}
}

export interface Choice<Value> {
	value: Value
	label: string
	hint?: string | undefined
	/** Also found by these. */
	words?: string | undefined
}

export interface Question {
	message: string
	initial?: string | undefined
	placeholder?: string | undefined
	/** What is wrong with an answer; undefined when nothing is. */
	judge?(answer: string): string | undefined
}

/** Asks and tells. Every question that is left throws WizardLeft. */
export interface Prompter {
	begin(title: string): void
	end(text: string): void
	cancelled(text: string): void
	select<Value>(message: string, options: readonly Choice<Value>[], initial?: Value): Promise<Value>
	/** Options are found by typing. */
	search<Value>(message: string, options: readonly Choice<Value>[], placeholder: string): Promise<Value>
	text(question: Question): Promise<string>
	/** What is typed is not shown. */
	secret(question: Question): Promise<string>
	confirm(message: string, initial?: boolean): Promise<boolean>
	lines(question: LinesQuestion): Promise<string[]>
	/** Something that needs no answer. */
	told(title: string, text: string): void
	say(text: string): void
	warn(text: string): void
	note(title: string, text: string): void
	/** Shows that something is going on; can be left as a question can. */
	work<Result>(text: string, run: (work: Work) => Promise<Result>): Promise<Result>
}

export interface Work {
	signal: AbortSignal
	update(text: string): void
	/** What stays on the screen. */
	done(text: string, ok?: boolean): void
}

/** The bar before each line, and a blank at its end. */
const margin = 4

/** A line that the terminal would break itself breaks the bar, too. */
function fitLines(text: string): string {
	const room = Math.max(20, (process.stdout.columns ?? 80) - margin)
	return text
		.split('\n')
		.flatMap(line => (line === '' ? [''] : wrapText(line, room)))
		.join('\n')
}

/** `words` is what Clack would say in English. */
export function createPrompter(words: WizardTexts['prompts']): Prompter {
	const pressed = watchKeys()
	const left = (answer: unknown) => {
		if (clack.isCancel(answer)) throw new WizardLeft(pressed.last === 'ctrl-c')
	}
	const choose = async (ask: Promise<unknown>): Promise<unknown> => {
		const answer = await ask
		left(answer)
		return answer
	}
	return {
		begin: title => clack.intro(title),
		end: text => clack.outro(text),
		cancelled: text => clack.cancel(fitLines(text).replaceAll('\n', '\n   ')),
		async select(message, options, initial) {
			const at = options.findIndex(({ value }) => value === initial)
			const shown = { message: fitLines(message), options: options.map(toOption), maxItems: 12 }
			const { showInstructions } = words
			const initialValue = at > 0 ? { initialValue: at } : {}
			const chosen = await choose(clack.select({ ...shown, ...initialValue, showInstructions }))
			return options[Number(chosen)]!.value
		},
		async search(message, options, placeholder) {
			const found = options.map(({ label, hint, words }) => `${label} ${hint} ${words}`.toLowerCase())
			const filter = (typed: string, { value }: { value: number }) =>
				typed
					.toLowerCase()
					.split(/\s+/)
					.every(word => found[value]?.includes(word))
			const question = { message, options: options.map(toOption), placeholder, filter }
			return options[Number(await choose(promptSearch(question, words.search)))]!.value
		},
		text: async question => String(await choose(clack.text(toTextOptions(question)))).trim(),
		async secret({ message, judge }) {
			const validate = (answer = '') => judge?.(answer.trim())
			return String(await choose(clack.password({ message, validate, clearOnError: true }))).trim()
		},
		async confirm(message, initial = true) {
			const { yes: active, no: inactive } = words
			const shown = { message: fitLines(message), active, inactive, initialValue: initial }
			return (await choose(clack.confirm(shown))) === true
		},
		lines: async question => (await choose(promptLines(question))) as string[],
		told: (title, text) => clack.log.step(fitLines(text === '' ? title : `${title}\n${text}`)),
		say: text => clack.log.message(fitLines(text)),
		warn: text => clack.log.warn(fitLines(text)),
		note: (title, text) => clack.note(text, title),
		work: (text, run) => workVisibly(text, run),
	}
}

/** Clack carries the place of a choice; what it stands for may be anything. */
function toOption({ label, hint }: Choice<unknown>, value: number) {
	return { value, label, ...(hint === undefined ? {} : { hint }) }
}

function toTextOptions({ message, initial, placeholder, judge }: Question) {
	return {
		message,
		...(initial === undefined ? {} : { initialValue: initial }),
		...(placeholder === undefined ? {} : { placeholder }),
		validate: (answer = '') => judge?.(answer.trim()),
	}
}

/** Clack tells that a question was left, not how. */
function watchKeys(): { last: string } {
	const pressed = { last: '' }
	process.stdin.on('keypress', (_character, key?: { name?: string; ctrl?: boolean }) => {
		pressed.last = key?.ctrl && key.name === 'c' ? 'ctrl-c' : (key?.name ?? '')
	})
	return pressed
}

const escapeKey = '\u001b'
const interruptKey = '\u0003'

/** A line that turns while something runs, and reads the keys that stop it. */
async function workVisibly<Result>(text: string, run: (work: Work) => Promise<Result>): Promise<Result> {
	const { stdin, stdout } = process
	const spinner = createSpinner(stdout, text)
	const stop = new AbortController()
	const left = Promise.withResolvers<never>()
	const read = (bytes: Buffer) => {
		const typed = bytes.toString()
		if (typed !== escapeKey && !typed.includes(interruptKey)) return
		stop.abort()
		left.reject(new WizardLeft(typed !== escapeKey))
	}
	left.promise.catch(() => {})
	stdin.setRawMode?.(true)
	stdin.on('data', read)
	stdin.resume()
	try {
		const work = { signal: stop.signal, update: spinner.update, done: spinner.done }
		return await Promise.race([run(work), left.promise])
	} finally {
		spinner.stop()
		stdin.off('data', read)
		stdin.setRawMode?.(false)
		stdin.pause()
	}
}

function createSpinner(stdout: NodeJS.WriteStream, first: string) {
	const frames = clack.unicode ? ['◒', '◐', '◓', '◑'] : ['-', '\\', '|', '/']
	let [text, turn, over] = [first, 0, false]
	stdout.write(`${clack.S_BAR}\n\u001b[?25l`)
	const draw = () => {
		const room = Math.max(10, (stdout.columns ?? 80) - 4)
		stdout.write(`\r\u001b[K${frames[turn++ % frames.length]}  ${clipText(text, room)}`)
	}
	draw()
	const timer = setInterval(draw, 120)
	const stop = () => {
		if (over) return
		over = true
		clearInterval(timer)
		stdout.write('\r\u001b[K\u001b[?25h')
	}
	return {
		stop,
		update(next: string) {
			text = next
		},
		done(last: string, ok = true) {
			stop()
			const [head = '', ...rest] = fitLines(last).split('\n')
			const mark = ok ? clack.S_STEP_SUBMIT : clack.S_STEP_ERROR
			stdout.write(`${mark}  ${head}\n${rest.map(line => `${clack.S_BAR}  ${line}\n`).join('')}`)
		},
	}
}
