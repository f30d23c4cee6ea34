import type { ExportOptions, ExportResult } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { askPassphrase, passphraseOptions, readPassphrase } from '../passphrase.ts'
import { usageError } from '../refuse.ts'
import { writeSecretFile } from '../secret-file.ts'

export const exportCommand: Command = {
	usage: ['export [<file>] [--without-keys | --passphrase] [--format seed]'],
	options: {
		'without-keys': { description: 'no keys, passwords and header values in it' },
		passphrase: { description: 'seal everything; asks for the passphrase' },
		...passphraseOptions,
		format: { value: 'claude-proxy|seed', description: "seed: the original's config.json" },
		force: { description: 'overwrite the file; print plain keys to a terminal' },
	},
	examples: [
		'export backup.json --passphrase',
		'export backup.json --passphrase-env BACKUP_PASSPHRASE',
		'export --without-keys > upstreams.json',
		'export config.json --format seed',
	],
	details: [
		'Without --without-keys and a passphrase the keys are in the file as they are. Files are readable for you alone.',
		'Without a file, or with -, it goes to stdout.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [path = '-', ...rest] = call.words
	if (rest.length > 0) throw usageError('export takes at most one file', 'quote a path that has blanks in it')
	const options = await readOptions(call)
	const toTerminal = path === '-' && call.io.columns !== undefined
	if (options.keys === 'plain' && toTerminal && !call.options.has('force')) {
		const hint = 'name a file, or add --without-keys, --passphrase or --force'
		throw new CliError(exitCodes.usage, 'usage', 'the keys would be shown in this terminal', hint)
	}
	const { repository } = await call.openSession()
	const exported = await repository.exportConfig(options)
	for (const warning of exported.warnings) call.note(warning)
	if (path === '-') return printDocument(exported)
	await writeSecretFile(path, exported.document, { overwrite: call.options.has('force') })
	return describeFile(call, path, options, exported)
}

async function readOptions(call: CommandCall): Promise<ExportOptions> {
	const { options } = call
	const format = options.text('format') ?? 'claude-proxy'
	if (format !== 'claude-proxy' && format !== 'seed') {
		throw usageError('--format must be claude-proxy or seed')
	}
	const given = await readPassphrase(call)
	const sealed = given !== undefined || options.has('passphrase')
	if (sealed && options.has('without-keys')) {
		throw usageError('--without-keys needs no passphrase', 'leave one of the two out')
	}
	if (format === 'seed' && (sealed || options.has('without-keys'))) {
		const hint = 'leave --format out, or the other option'
		throw usageError("the original's format has its keys in plain text, and nothing else", hint)
	}
	if (options.has('without-keys')) return { format, keys: 'none' }
	if (!sealed) return { format, keys: 'plain' }
	return { format, keys: 'sealed', passphrase: given ?? (await askPassphrase(call, { repeat: true })) }
}

function printDocument({ document, revision }: ExportResult): CommandResult {
	return { data: { revision, document: JSON.parse(document) }, lines: document.trimEnd().split('\n') }
}

const contents = {
	none: 'without keys',
	plain: 'with its keys as they are: keep it to yourself',
	sealed: 'sealed with the passphrase',
}

function describeFile(
	call: CommandCall,
	path: string,
	{ format, keys }: ExportOptions,
	{ revision, upstreamCount, keyCount, warnings }: ExportResult,
): CommandResult {
	const { say, list } = call.texts
	const counts = list([say(count(upstreamCount, 'upstream')), say(count(keyCount, 'key'))])
	return {
		data: { file: path, format, keys, revision, upstreamCount, keyCount, warnings },
		lines: [call.style.good(say(`wrote ${path} (${counts}), ${contents[keys]}`))],
	}
}

function count(number: number, what: string): string {
	return number === 1 ? `1 ${what}` : `${number} ${what}s`
}
