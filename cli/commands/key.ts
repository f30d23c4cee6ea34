import type { Command, CommandCall, CommandResult } from '../command.ts'
import { keySourceOptions } from '../key-input.ts'
import { findNearest } from '../nearest.ts'
import { usageError } from '../refuse.ts'

type Action = (call: CommandCall, upstream: string, words: readonly string[]) => Promise<CommandResult>

const actions: Record<string, () => Promise<Action>> = {
	add: async () => (await import('./key-add.ts')).addKeys,
	list: async () => (await import('./key-list.ts')).listKeys,
	remove: async () => (await import('./key-change.ts')).removeKey,
	enable: async () => (await import('./key-change.ts')).enableKey,
	disable: async () => (await import('./key-change.ts')).disableKey,
}

export const key: Command = {
	usage: [
		'key <upstream> add <key> [<key> …]',
		'key <upstream> list',
		'key <upstream> remove <id|number|mask|key>',
		'key <upstream> disable|enable <id|number|mask|key>',
	],
	options: keySourceOptions,
	examples: [
		'key openai-main add --key-stdin < keys.txt',
		'key openai-main list',
		'key openai-main remove 1',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [upstream, action, ...words] = call.words
	if (upstream === undefined || action === undefined) {
		throw usageError('key needs an upstream and what to do: key <upstream> add|list|remove|enable|disable')
	}
	const load = Object.hasOwn(actions, action) ? actions[action] : undefined
	if (load !== undefined) return (await load())(call, upstream, words)
	// The word itself is not repeated: it may be a key.
	const nearest = findNearest(action.slice(0, 20), Object.keys(actions))
	const hint =
		nearest === undefined ? 'actions: add, list, remove, enable, disable' : `did you mean ${nearest}?`
	throw usageError('the word after the upstream is no action', hint)
}
