import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findNearest } from '../nearest.ts'
import { usageError } from '../refuse.ts'

type Action = (call: CommandCall, words: readonly string[]) => Promise<CommandResult>

const actions: Record<string, () => Promise<Action>> = {
	list: async () => (await import('./history/list.ts')).listHistory,
	show: async () => (await import('./history/show.ts')).showRevision,
	diff: async () => (await import('./history/diff.ts')).diffRevisions,
	restore: async () => (await import('./history/restore.ts')).restoreRevision,
	pin: async () => (await import('./history/annotate.ts')).pinRevision,
	unpin: async () => (await import('./history/annotate.ts')).unpinRevision,
	message: async () => (await import('./history/annotate.ts')).changeMessage,
	purge: async () => (await import('./history/purge.ts')).purgeKey,
}

export const history: Command = {
	usage: [
		'history [list] [--limit <number>] [--before <revision>]',
		'history show <revision>',
		'history diff <revision> [<revision>|current]',
		'history restore <revision> [--dry-run] [--yes]',
		'history pin|unpin <revision>',
		'history message <revision> <text>',
		'history purge <key id> [--yes]',
	],
	options: {
		limit: { value: 'number', description: 'newest changes to show; 20 unless told' },
		before: { value: 'revision', description: 'list: only what is older' },
		'dry-run': { description: 'restore: show what would change, and change nothing' },
		yes: { short: 'y', description: 'restore, purge: do not ask' },
	},
	examples: [
		'history',
		'history show 12',
		'history diff 8 12',
		'history restore 8 --dry-run',
		'history restore 8 --yes',
	],
	details: [
		'A restore makes a new revision, so that it can be undone. The newest 50 changes are kept, and those that are pinned.',
		'Ids of keys, removed ones too: history show <revision>.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [action = 'list', ...words] = call.words
	const load = Object.hasOwn(actions, action) ? actions[action] : undefined
	if (load !== undefined) return (await load())(call, words)
	// The word itself is not repeated: it may be a key.
	const nearest = findNearest(action.slice(0, 20), Object.keys(actions))
	const hint =
		nearest === undefined ? `actions: ${Object.keys(actions).join(', ')}` : `did you mean ${nearest}?`
	throw usageError('the word after history is no action', hint)
}
