import type { Command } from '../commands/commands.svelte.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

interface ListActions {
	move: (step: 1 | -1) => void
	opened: boolean
	close: () => void
	pin: () => void
	restore: () => void
}

/** The keys of the list, and of the revision that is open. */
export function listCommands(words: Messages['history'], actions: ListActions): Command[] {
	const { group } = words.detail
	const keysOnly = true
	const always: Command[] = [
		{
			id: 'history-next',
			label: words.keyboard.next,
			keys: 'j',
			run: () => actions.move(1),
			group,
			keysOnly,
		},
		{
			id: 'history-previous',
			label: words.keyboard.previous,
			keys: 'k',
			run: () => actions.move(-1),
			group,
			keysOnly,
		},
	]
	if (!actions.opened) return always
	return [
		...always,
		{ id: 'history-pin', label: words.keyboard.pin, keys: 'p', run: actions.pin, group },
		{ id: 'history-restore', label: words.detail.restore, keys: 'Shift+R', run: actions.restore, group },
		{ id: 'history-close', label: words.detail.close, keys: 'Escape', run: actions.close, group, keysOnly },
	]
}
