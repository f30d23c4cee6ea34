import type { CommandCall, CommandResult } from '../command.ts'
import type { Options } from '../parse-options.ts'
import { usageError } from '../refuse.ts'
import { test } from './test.ts'

/** `test <upstream> --key <key>`, in the words of `key`. */
export function testKey(
	call: CommandCall,
	upstream: string,
	words: readonly string[],
): Promise<CommandResult> {
	const [key, ...rest] = words
	if (key === undefined || rest.length > 0) throw usageError('test takes one key: key <upstream> test <key>')
	const { options } = call
	const withKey: Options = {
		has: name => name === 'key' || (name !== 'all' && options.has(name)),
		text: name => (name === 'key' ? key : options.text(name)),
		list: name => (name === 'key' ? [key] : options.list(name)),
	}
	return test.run({ ...call, words: [upstream], options: withKey })
}
