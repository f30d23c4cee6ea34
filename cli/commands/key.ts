import type { Command, CommandCall, CommandResult } from '../command.ts'
import { forceOption } from '../key-guard.ts'
import { keySourceOptions } from '../key-input.ts'
import { moveOptions } from '../move-in-list.ts'
import { findNearest } from '../nearest.ts'
import { usageError } from '../refuse.ts'

type Action = (call: CommandCall, upstream: string, words: readonly string[]) => Promise<CommandResult>

const actions: Record<string, () => Promise<Action>> = {
	add: async () => (await import('./key-add.ts')).addKeys,
	list: async () => (await import('./key-list.ts')).listKeys,
	remove: async () => (await import('./key-change.ts')).removeKey,
	pause: async () => (await import('./key-change.ts')).switchKey('pause'),
	resume: async () => (await import('./key-change.ts')).switchKey('resume'),
	enable: async () => (await import('./key-change.ts')).switchKey('enable'),
	disable: async () => (await import('./key-change.ts')).switchKey('disable'),
	history: async () => (await import('./key-history.ts')).showHistory,
	clear: async () => (await import('./key-clear.ts')).clearKeys,
	promote: async () => (await import('./key-promote.ts')).promoteKey,
	purge: async () => (await import('./key-purge.ts')).purgeKey,
	move: async () => (await import('./key-move.ts')).moveKey,
	test: async () => (await import('./key-test.ts')).testKey,
}

const names = 'add|list|remove|move|test|pause|resume|history|clear|promote|purge'

export const key: Command = {
	usage: [
		'key <upstream> add <key> [<key> …]',
		'key <upstream> list',
		'key <upstream> remove <id|number|mask|key>',
		'key <upstream> move <id|number|mask|key> --top|--bottom|--up|--down|--to <number>',
		'key <upstream> test <id|number|mask|key>',
		'key <upstream> pause|resume <id|number|mask|key>',
		'key <upstream> history <id|number|mask|key> [--limit <number>]',
		'key <upstream> clear <id|number|mask|key> [--model <model>]',
		'key <upstream> clear --all',
		'key <upstream> promote <id|number|mask|key>',
		'key <upstream> purge <id|number|mask|key> [--yes]',
	],
	options: {
		...keySourceOptions,
		...forceOption,
		...moveOptions,
		all: { description: 'clear: all keys of the upstream' },
		model: { value: 'model', description: 'clear: only what holds for this model' },
		yes: { short: 'y', description: 'purge: do not ask' },
		limit: { value: 'number', description: 'history: newest events to show; 20 unless told' },
	},
	examples: [
		'key openai-main add --key-stdin < keys.txt',
		'key openai-main list',
		'key openai-main remove 1',
		'key openai-main history 0',
		'key openai-main clear --all',
	],
	details: [
		'disable and enable are other words for pause and resume.',
		'promote undoes a demotion. purge takes a leaked key out of the configuration and of all its history, for good.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [upstream, action, ...words] = call.words
	if (upstream === undefined || action === undefined) {
		throw usageError(`key needs an upstream and what to do: key <upstream> ${names}`)
	}
	const load = Object.hasOwn(actions, action) ? actions[action] : undefined
	if (load !== undefined) return (await load())(call, upstream, words)
	// The word itself is not repeated: it may be a key.
	const nearest = findNearest(action.slice(0, 20), Object.keys(actions))
	const hint = nearest === undefined ? `actions: ${names.replaceAll('|', ', ')}` : `did you mean ${nearest}?`
	throw usageError('the word after the upstream is no action', hint)
}
