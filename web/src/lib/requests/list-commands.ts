import type { Command } from '../commands/commands.svelte.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

interface ListActions {
	move: (step: 1 | -1) => void
	search: () => void
	/** A request is open beside the list. */
	opened: boolean
	openPage: () => void
	close: () => void
}

/** The keys of the list: those of any list of messages. */
export function listCommands(words: Messages['requests'], actions: ListActions): Command[] {
	const { group } = words.panel
	const keysOnly = true
	const always: Command[] = [
		{ id: 'request-next', label: words.panel.next, keys: 'j', run: () => actions.move(1), group, keysOnly },
		{
			id: 'request-previous',
			label: words.panel.previous,
			keys: 'k',
			run: () => actions.move(-1),
			group,
			keysOnly,
		},
		{ id: 'request-search', label: words.filter.searchKey, keys: '/', run: actions.search, group, keysOnly },
	]
	if (!actions.opened) return always
	return [
		...always,
		{ id: 'request-page', label: words.panel.full, keys: 'o', run: actions.openPage, group },
		{ id: 'request-close', label: words.panel.close, keys: 'Escape', run: actions.close, group, keysOnly },
	]
}
