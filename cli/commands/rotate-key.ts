import {
	createKeyRing,
	generateEncryptionKey,
	joinRing,
	listRingIds,
	type RotationReport,
	readSchemaVersion,
	rotateKeys,
} from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { migrateConfigured, type OpenDatabase, openConfiguredDatabase } from '../config-session.ts'
import { changeEnvFile } from '../env-file.ts'
import { CliError, exitCodes } from '../errors.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'

/** `db rotate-key`: seals everything with the first key of ENCRYPTION_KEY; with `--new`, makes one first. */
export async function rotateKey(call: CommandCall): Promise<CommandResult> {
	const opened = await openConfiguredDatabase(call.note)
	try {
		if (call.options.has('new')) return await addNewKey(call, opened)
		await refuseOtherSchema(opened)
		const { database, encryptionKey } = opened
		const dryRun = call.options.has('dry-run')
		const onProgress = call.options.has('json') ? undefined : showProgress(call)
		const report = await rotateKeys(database, createKeyRing(encryptionKey), {
			dryRun,
			...(onProgress && { onProgress }),
		})
		const ringIds = listRingIds(encryptionKey)
		return { data: { dryRun, ...report, ringIds }, lines: describe(call, report, ringIds) }
	} finally {
		opened.database.close()
	}
}

/** A newer version may have sealed things that this one does not know of: its old keys would seem to be needless. */
async function refuseOtherSchema({ database, environment }: OpenDatabase): Promise<void> {
	if (database.location === 'file') await migrateConfigured(database, environment)
	const { version, codeVersion } = await readSchemaVersion(database)
	if (version === codeVersion) return
	const isNewer = version > codeVersion
	const message = `the database ${database.label} has schema ${version}, this version needs ${codeVersion}`
	const hint = isNewer ? 'update claude-proxy first' : 'run: npm run db:migrate'
	throw new CliError(exitCodes.database, isNewer ? 'newer-schema' : 'not-migrated', message, hint)
}

const progressMs = 1000

function showProgress({ io, texts }: CommandCall): (done: number, total: number) => void {
	let shownAt = performance.now()
	return (done, total) => {
		if (performance.now() - shownAt < progressMs) return
		shownAt = performance.now()
		io.writeError(`${texts.say(`sealed ${done} of ${total}`)}\n`)
	}
}

function describe(call: CommandCall, report: RotationReport, ringIds: readonly string[]): string[] {
	const { style, options, texts } = call
	const { say } = texts
	const { places, lost, keyId, complete } = report
	const count = (what: 'found' | 'resealed') =>
		texts.list(places.map(place => `${place[what]} ${texts.label(place.name)}`))
	const isDone = places.every(({ found }) => found === 0)
	const title = options.has('dry-run')
		? say(`to be sealed with ${keyId}: ${count('resealed')}`)
		: style.good(say(`sealed with ${keyId}: ${count('resealed')}`))
	return [
		isDone ? say(`everything is sealed with ${keyId} already`) : title,
		...lost.map(({ mask, place, sealedWith }) => {
			return style.bad(
				say(`${mask} (${place}) cannot be opened: it was sealed with ${sealedWith || 'another key'}`),
			)
		}),
		...(lost.length > 0
			? [say('what cannot be opened stays as it is: add these keys again, or the missing ENCRYPTION_KEY')]
			: []),
		...(options.has('dry-run') ? [] : adviseNext(call, ringIds, complete)),
	]
}

function adviseNext(call: CommandCall, [, ...older]: readonly string[], complete: boolean): string[] {
	const { say } = call.texts
	if (older.length === 0)
		return complete ? [say(`for a new key: ${commandLine(call, 'db', 'rotate-key', '--new')}`)] : []
	if (!complete) return [say(`keep ${older.join(', ')} in ENCRYPTION_KEY, and run this again`)]
	return [
		say(
			`${older.join(', ')} of ENCRYPTION_KEY opens nothing here any more: take it out, then restart what uses this database`,
		),
		say('backups of the database that were made before still need it'),
	]
}

/**
 * A file database is used from here: `.env` gets the new key, in front. A server's database is used from elsewhere too,
 * where a key must be known before anything is sealed with it: what to do, and in which order, is only said.
 */
async function addNewKey(
	call: CommandCall,
	{ database, encryptionKey }: OpenDatabase,
): Promise<CommandResult> {
	if (call.options.has('dry-run'))
		throw usageError('--new with --dry-run does nothing', 'leave one of the two out')
	const [current = '', ...older] = listRingIds(encryptionKey)
	if (older.length > 0) {
		const message = `ENCRYPTION_KEY has ${older.length + 1} keys: a rotation is under way`
		throw usageError(message, `finish it: db rotate-key, then take ${older.join(', ')} out`)
	}
	const made = generateEncryptionKey()
	const [newId = ''] = listRingIds(made)
	const ring = { behind: joinRing(encryptionKey, made), inFront: joinRing(made, encryptionKey) }
	const rotate = commandLine(call, 'db', 'rotate-key')
	const { say } = call.texts
	if (database.location === 'file' && !process.env.ENCRYPTION_KEY?.trim()) {
		const { path, backup } = await changeEnvFile('ENCRYPTION_KEY', encryptionKey, ring.inFront)
		return {
			data: { newKeyId: newId, previousKeyId: current, file: path, backup },
			lines: [
				call.style.good(say(`${path}: ENCRYPTION_KEY now has ${newId} in front of ${current}`)),
				say(`the file as it was: ${backup}`),
				say(`next: restart the proxy if it runs, then ${rotate}`),
			],
		}
	}
	return {
		data: { newKeyId: newId, previousKeyId: current, steps: ring },
		lines: [
			say(
				`a new key, ${newId}. In this order, wherever this database is used (Vercel: environment variable, then redeploy):`,
			),
			`1. ENCRYPTION_KEY=${ring.behind}`,
			`   ${say('so that every instance can open what will be sealed with it')}`,
			`2. ENCRYPTION_KEY=${ring.inFront}`,
			`3. ${rotate}`,
			`4. ENCRYPTION_KEY=${made}`,
			say('Both keys are secrets: clear this screen when you are done.'),
		],
	}
}
