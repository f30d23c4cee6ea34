import { readSchemaVersion } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { migrateConfigured, openConfiguredDatabase } from '../config-session.ts'
import { CliError, exitCodes } from '../errors.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'

export const database: Command = {
	usage: [
		'db migrate',
		'db status',
		'db check',
		'db vacuum',
		'db logins',
		'db rotate-key [--dry-run | --new]',
	],
	options: {
		'dry-run': { description: 'rotate-key: count, and change nothing' },
		new: { description: 'rotate-key: make a new key, and say what to do with it' },
	},
	examples: ['db migrate', 'db status --json', 'db rotate-key --new', 'db rotate-key'],
	details: [
		'A local file is migrated by every command on its way; a server only by `db migrate`.',
		'TURSO_DATABASE_URL and TURSO_AUTH_TOKEN say which database it is.',
		'vacuum gives the space of deleted rows back; whoever writes meanwhile waits for it.',
		'logins tells of wrong admin keys within the last hour: from where, how many, and who waits.',
		'rotate-key seals the upstream keys, those in the history too, with the first key of ENCRYPTION_KEY.',
	],
	async run(call) {
		const [action, ...rest] = call.words
		if (rest.length === 0 && action === 'rotate-key') {
			return (await import('./rotate-key.ts')).rotateKey(call)
		}
		if (['dry-run', 'new'].some(option => call.options.has(option))) {
			throw usageError('--dry-run and --new belong to db rotate-key')
		}
		if (rest.length === 0 && action === 'check') {
			return (await import('./check-database.ts')).checkIt(call)
		}
		if (rest.length === 0 && action === 'vacuum') {
			return (await import('./vacuum-database.ts')).vacuumIt(call)
		}
		if (rest.length === 0 && action === 'logins') {
			return (await import('./list-logins.ts')).listLogins(call)
		}
		if (rest.length === 0 && action === 'migrate') return migrate(call)
		if (rest.length === 0 && action === 'status') return describeStatus(call)
		throw usageError(
			'db needs to know what to do: db migrate, db status, db check, db vacuum, db logins, or db rotate-key',
		)
	},
}

async function migrate(call: CommandCall): Promise<CommandResult> {
	const { database, environment } = await openConfiguredDatabase(call.note)
	try {
		const { status, applied, version } = await migrateConfigured(database, environment)
		if (status === 'newer') {
			const message = `the database ${database.label} belongs to a newer claude-proxy`
			throw new CliError(
				exitCodes.database,
				'newer-schema',
				message,
				'update claude-proxy; reading commands still work',
			)
		}
		const { say } = call.texts
		const done =
			applied === 0
				? 'the database was up to date'
				: `the database is up to date: ${applied} migrations applied`
		return {
			data: { location: database.label, version, applied },
			lines: [call.style.good(say(done)), say(`${database.label}, schema ${version}`)],
		}
	} finally {
		database.close()
	}
}

async function describeStatus(call: CommandCall): Promise<CommandResult> {
	const { database } = await openConfiguredDatabase(call.note)
	try {
		const { version, codeVersion } = await readSchemaVersion(database)
		const status = version === codeVersion ? 'current' : version < codeVersion ? 'behind' : 'newer'
		const { say } = call.texts
		const schema = `schema ${version} of ${codeVersion}`
		const verdicts = {
			current: say(`${schema}: current`),
			behind: say(`${schema}: behind`),
			newer: say(`${schema}: newer`),
		}
		const advice = {
			current: [],
			behind: [say(`next: ${commandLine(call, 'db', 'migrate')}`)],
			newer: [say('it belongs to a newer claude-proxy: update this one before changing anything')],
		}
		return {
			data: { location: database.label, kind: database.location, version, codeVersion, status },
			lines: [database.label, verdicts[status], ...advice[status]],
		}
	} finally {
		database.close()
	}
}
