import { keySecretSchema } from '../core/config/upstream.ts'
import { type CliIo, readTextFile } from './io.ts'
import type { OptionSpecs, Options } from './parse-options.ts'
import { usageError } from './refuse.ts'

/** Ways to give keys that leave no trace in the shell's history. */
export const keySourceOptions: OptionSpecs = {
	'key-stdin': { description: 'read keys from stdin, one per line' },
	'key-env': { value: 'NAME', repeatable: true, description: 'read keys from this environment variable' },
	'key-file': { value: 'path', repeatable: true, description: 'read keys from this file, one per line' },
}

const maxKeys = 1000

/**
 * The keys of a command: typed ones, then stdin, variables, files. All are checked before anything is written.
 * @throws CliError usage, naming which key is wrong, never what it is
 */
export async function readKeys(typed: readonly string[], options: Options, io: CliIo): Promise<string[]> {
	const sources = typed.map((key, index) => ({ where: `key ${index + 1}`, key }))
	if (options.has('key-stdin')) sources.push(...splitKeys(await io.readInput(), 'stdin'))
	for (const name of options.list('key-env')) sources.push(...splitKeys(readVariable(name), 'the variable'))
	for (const path of options.list('key-file'))
		sources.push(...splitKeys(await readTextFile(path), 'the file'))
	if (sources.length > maxKeys) throw usageError(`at most ${maxKeys} keys at once`)
	return sources.map(({ where, key }) => checkKey(key, where))
}

function splitKeys(text: string, source: string): { where: string; key: string }[] {
	const keys = text
		.split(/[\r\n,;]+/)
		.map(line => line.trim())
		.filter(line => line !== '' && !line.startsWith('#'))
	if (keys.length === 0) throw usageError(`${source} holds no key`)
	return keys.map((key, index) => ({ where: `key ${index + 1} of ${source}`, key }))
}

function readVariable(name: string): string {
	const value = process.env[name]
	if (value === undefined || value.trim() === '') {
		throw usageError(
			'the variable of --key-env is not set',
			'give its name, and export it: --key-env OPENAI_API_KEY',
		)
	}
	return value
}

function checkKey(key: string, where: string): string {
	const result = keySecretSchema.safeParse(key)
	if (result.success) return result.data
	throw usageError(`${where} ${result.error.issues[0]?.message ?? 'is no key'}`)
}
