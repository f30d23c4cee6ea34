export interface Pressed {
	key: string
	ctrlKey: boolean
	metaKey: boolean
	altKey: boolean
	shiftKey: boolean
}

/** A pressed key as the registry writes it: `k`, `mod+k`, `Shift+T`, `?`, `Enter`. */
export function nameKey(pressed: Pressed): string {
	const { key } = pressed
	const letter = key.length === 1
	const parts = [
		(pressed.ctrlKey || pressed.metaKey) && 'mod',
		pressed.altKey && 'Alt',
		// Of a sign such as ? the shift is part already.
		pressed.shiftKey && (!letter || /[a-z]/i.test(key)) && 'Shift',
		letter && /[a-z]/i.test(key) ? (pressed.shiftKey ? key.toUpperCase() : key.toLowerCase()) : key,
	]
	return parts.filter(Boolean).join('+')
}

export type KeyMatch<Item> = { kind: 'run'; item: Item } | { kind: 'wait' } | { kind: 'none' }

/** What a sequence of keys means: a command, the beginning of one, or nothing. */
export function matchKeys<Item extends { keys?: string }>(
	items: readonly Item[],
	typed: readonly string[],
): KeyMatch<Item> {
	const text = typed.join(' ')
	// The latest registered wins: a page may give a key another meaning than the shell.
	const item = items.findLast(candidate => candidate.keys === text)
	if (item) return { kind: 'run', item }
	return items.some(candidate => candidate.keys?.startsWith(`${text} `)) ? { kind: 'wait' } : { kind: 'none' }
}

/** For people: `⌘K` on a Mac, `Ctrl K` elsewhere. */
export function describeKeys(keys: string, platform: string): string[] {
	const mac = /mac|iphone|ipad/i.test(platform)
	return keys.split(' ').flatMap(key =>
		key.split('+').map(part => {
			if (part === 'mod') return mac ? '⌘' : 'Ctrl'
			if (part === 'Shift') return mac ? '⇧' : 'Shift'
			return part.length === 1 ? part.toUpperCase() : part
		}),
	)
}

/** Whether what has the focus takes text, so that letters are letters. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false
	if (
		target.isContentEditable ||
		target instanceof HTMLTextAreaElement ||
		target instanceof HTMLSelectElement
	)
		return true
	const textless = ['checkbox', 'radio', 'button', 'submit', 'range', 'color', 'file']
	return target instanceof HTMLInputElement && !textless.includes(target.type)
}
