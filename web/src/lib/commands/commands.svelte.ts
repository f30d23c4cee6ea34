import { createContext } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import { isTyping, matchKeys, nameKey } from './keys.ts'

/** Something that can be done from the palette, and by keys where it has some. */
export interface Command {
	id: string
	label: string
	/** Heading in the palette and in the help. */
	group: string
	/** `mod+k`, `t`, `Shift+T`; two keys after another: `g a`. */
	keys?: string
	/** More words to find it by. */
	keywords?: readonly string[]
	run: () => void
	/** Known by its keys alone: in the help, not in the palette. */
	keysOnly?: boolean
}

const sequenceMs = 1200

/** What the page on screen and the shell around it can do. Palette, shortcuts and help are drawn from it. */
export class Commands {
	#sources = new SvelteMap<object, () => readonly Command[]>()
	#typed: string[] = []
	#timer: ReturnType<typeof setTimeout> | undefined

	readonly list: readonly Command[] = $derived([...this.#sources.values()].flatMap(source => source()))

	/**
	 * For an `$effect`: `$effect(() => commands.register(() => [...]))`. The list is a function so that labels follow
	 * the language; the returned function takes the commands away again.
	 */
	register(source: () => readonly Command[]): () => void {
		const key = {}
		this.#sources.set(key, source)
		return () => void this.#sources.delete(key)
	}

	/** Runs what the keys mean. Off while typing and while a dialog is open, except for those with Ctrl or Cmd. */
	press(event: KeyboardEvent, options: { singleKeys: boolean }): void {
		if (event.defaultPrevented || event.isComposing || event.repeat) return
		if (['Control', 'Meta', 'Shift', 'Alt'].includes(event.key)) return
		const name = nameKey(event)
		const held = name.startsWith('mod+')
		if (!held && (!options.singleKeys || isTyping(event.target) || isDialogOpen())) return
		clearTimeout(this.#timer)
		const match = this.#match(name)
		this.#typed = match.kind === 'wait' ? [...this.#typed, name] : []
		if (match.kind === 'wait') {
			this.#timer = setTimeout(() => {
				this.#typed = []
			}, sequenceMs)
		}
		if (match.kind !== 'run') return
		event.preventDefault()
		match.item.run()
	}

	#match(name: string) {
		const match = matchKeys(this.list, [...this.#typed, name])
		if (match.kind !== 'none' || this.#typed.length === 0) return match
		this.#typed = []
		return matchKeys(this.list, [name])
	}
}

const isDialogOpen = () =>
	document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null

export const [useCommands, provideCommands] = createContext<Commands>()
