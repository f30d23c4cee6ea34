import { placeholderAccessKey } from '../../core/config/environment.ts'
import { generateEncryptionKey, openDatabase } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { migrateConfigured } from '../config-session.ts'
import {
	addVariables,
	type FoundEnvironment,
	findEnvironment,
	generateSecret,
	loadEnvironment,
} from '../environment.ts'
import { CliError, exitCodes } from '../errors.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { formatTable } from '../ui/table.ts'

export const init: Command = {
	usage: ['init [--db <url>] [--db-token-env <NAME>] [--access-key-env <NAME>]'],
	options: {
		db: { value: 'url', description: 'the database; a file on this computer unless told' },
		'db-token-env': { value: 'NAME', description: 'its token is in this environment variable' },
		'access-key-env': { value: 'NAME', description: "the clients' key is in this one; made up unless told" },
		yes: { short: 'y', description: 'never ask: as --no-input' },
	},
	examples: ['init', 'init --db libsql://name-you.turso.io --db-token-env TURSO_TOKEN --access-key-env KEY'],
	details: [
		'Makes .env and the database, and leaves alone what is there. Without a command at all, a terminal is',
		'led through everything.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	if (call.words.length > 0) throw usageError('init takes options only: init --db <url>')
	const wanted = readWanted(call)
	const found = await findEnvironment()
	refuseOthers(found, wanted)
	const tried = await openDatabase({
		url: wanted.TURSO_DATABASE_URL ?? found.environment.TURSO_DATABASE_URL,
		authToken: wanted.TURSO_AUTH_TOKEN ?? found.environment.TURSO_AUTH_TOKEN ?? '',
	})
	try {
		const { applied, version } = await migrateConfigured(tried, found.environment)
		const made = {
			...(found.missing.includes('PROXY_ACCESS_KEY') && {
				PROXY_ACCESS_KEY: wanted.PROXY_ACCESS_KEY ?? generateSecret('PROXY_ACCESS_KEY'),
			}),
			...(found.missing.includes('ENCRYPTION_KEY') && { ENCRYPTION_KEY: generateEncryptionKey() }),
			...(wanted.TURSO_DATABASE_URL && { TURSO_DATABASE_URL: wanted.TURSO_DATABASE_URL }),
			...(wanted.TURSO_AUTH_TOKEN && { TURSO_AUTH_TOKEN: wanted.TURSO_AUTH_TOKEN }),
		}
		const written = Object.fromEntries(Object.entries(made).map(([name, value]) => [name, () => value]))
		await addVariables(found.home.directory, written)
		const { accessKeySource } = await loadEnvironment(found.home)
		const { say, label } = call.texts
		return {
			data: { path: found.path, made: Object.keys(made), database: tried.label, version, applied },
			lines: [
				call.style.good(say('everything is ready')),
				...formatTable([
					[{ text: label('database') }, { text: `${tried.label}, ${say(`schema ${version}`)}` }],
					[{ text: label('access key') }, { text: say(`PROXY_ACCESS_KEY in ${accessKeySource}`) }],
				]),
				say(`next: ${commandLine(call, 'add', '<name>', '--preset', '<preset>', '--key-stdin')}`),
			],
		}
	} finally {
		tried.close()
	}
}

type Wanted = Partial<Record<'TURSO_DATABASE_URL' | 'TURSO_AUTH_TOKEN' | 'PROXY_ACCESS_KEY', string>>

function readWanted({ options }: CommandCall): Wanted {
	const url = options.text('db')?.trim()
	if (url !== undefined && !/^(?:file|libsql|https?):.+/.test(url)) {
		throw usageError('--db must start with file:, libsql:, https: or http:')
	}
	const token = readVariable(options.text('db-token-env'), '--db-token-env')
	const key = readVariable(options.text('access-key-env'), '--access-key-env')
	if (key !== undefined && (key.length < 16 || key === placeholderAccessKey || !/^[\x21-\x7e]+$/.test(key))) {
		throw usageError('the access key must be one word of at least 16 characters that nobody can guess')
	}
	return {
		...(url !== undefined && { TURSO_DATABASE_URL: url }),
		...(token !== undefined && { TURSO_AUTH_TOKEN: token }),
		...(key !== undefined && { PROXY_ACCESS_KEY: key }),
	}
}

function readVariable(name: string | undefined, option: string): string | undefined {
	if (name === undefined) return undefined
	const value = process.env[name]?.trim()
	if (value) return value
	throw usageError(`the variable of ${option} is not set`, 'export it first, and give its name only')
}

/** What is there stays: another database or key by accident would look like the loss of everything. */
function refuseOthers({ environment, namesDatabase, missing, path }: FoundEnvironment, wanted: Wanted): void {
	const others = [
		...(wanted.TURSO_DATABASE_URL !== undefined &&
		namesDatabase &&
		wanted.TURSO_DATABASE_URL !== environment.TURSO_DATABASE_URL
			? ['TURSO_DATABASE_URL']
			: []),
		...(wanted.PROXY_ACCESS_KEY !== undefined &&
		!missing.includes('PROXY_ACCESS_KEY') &&
		wanted.PROXY_ACCESS_KEY !== environment.PROXY_ACCESS_KEY
			? ['PROXY_ACCESS_KEY']
			: []),
	]
	if (others.length === 0) return
	const message = `${others.join(' and ')} is set already, to another value; nothing was changed`
	throw new CliError(exitCodes.conflict, 'exists', message, `change it in ${path} by hand if that is meant`)
}
