import { isSealedText } from '../../core/config/transfer/read-document.ts'
import type { ImportOptions, ImportResult, ReviewedUpstream } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { describeChanges } from '../describe-change.ts'
import { CliError, exitCodes } from '../errors.ts'
import { readImportFile } from '../import-file.ts'
import { commandLine } from '../next-step.ts'
import { describeWarning } from '../notes.ts'
import { askPassphrase, passphraseOptions, readPassphrase } from '../passphrase.ts'
import { usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'

export const importCommand: Command = {
	usage: ['import <file|folder|-> [--merge|--replace] [--dry-run] [--yes]'],
	options: {
		merge: { description: 'add and change what the file names, remove nothing (unless told otherwise)' },
		replace: { description: 'the configuration becomes exactly the file' },
		'dry-run': { description: 'show what would change, and change nothing' },
		...passphraseOptions,
		yes: { short: 'y', description: 'do not ask' },
	},
	examples: [
		'import backend/.config/config.json',
		'import backend/.config/config.backups',
		'import backup.json --replace --dry-run',
		'import backup.json --replace --passphrase-env BACKUP_PASSPHRASE --yes',
	],
	details: [
		"Takes exports of this program, and the original's config.json; of a folder its config.json or newest backup.",
		'All of it becomes one revision, or nothing does. Outside of a terminal, removing something needs --yes.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [given, ...rest] = call.words
	if (given === undefined || rest.length > 0)
		throw usageError('import takes one file, one folder, or - for stdin')
	const mode = readMode(call)
	if (given === '-' && call.options.has('passphrase-stdin')) {
		throw usageError('stdin cannot be both the file and the passphrase', 'use --passphrase-env')
	}
	const { text } = await readImportFile(call, given)
	const passphrase = (await readPassphrase(call)) ?? (await askIfSealed(call, text, given))
	const options: ImportOptions = { mode, ...(passphrase !== undefined && { passphrase }) }
	const { repository } = await call.openSession()
	if (call.options.has('dry-run')) {
		return report(call, await repository.importConfig(text, { ...options, dryRun: true }))
	}
	if (!call.options.has('yes')) {
		const review = await repository.importConfig(text, { ...options, dryRun: true })
		if (isNothing(review)) return report(call, review)
		await confirm(call, review)
		options.expectedRevision = review.basedOn
	}
	return report(call, await repository.importConfig(text, options))
}

function readMode({ options }: CommandCall): ImportOptions['mode'] {
	if (options.has('merge') && options.has('replace')) throw usageError('--merge or --replace, not both')
	return options.has('replace') ? 'replace' : 'merge'
}

/** Without a terminal the import itself says that a passphrase is missing. */
async function askIfSealed(call: CommandCall, text: string, given: string): Promise<string | undefined> {
	return given !== '-' && isSealedText(text) ? askPassphrase(call, { repeat: false }) : undefined
}

/** Asks in a terminal. Elsewhere only what removes something has to be confirmed. */
async function confirm(call: CommandCall, review: ImportResult): Promise<void> {
	const asks = call.io.interactive && !['json', 'no-input'].some(option => call.options.has(option))
	if (!asks) {
		if (!removesSomething(review)) return
		const hint = 'look at it with --dry-run, then add --yes'
		throw usageError('this import removes something: nothing was imported', hint)
	}
	call.io.writeError(
		describeReview(call, review)
			.map(line => `${line}\n`)
			.join(''),
	)
	if (await call.io.confirm('Import this?')) return
	throw new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was imported')
}

function removesSomething({ review }: ImportResult): boolean {
	const changes = review.changed.flatMap(upstream => upstream.changes)
	return review.removed.length > 0 || changes.some(({ kind }) => kind === 'key-removed')
}

function isNothing({ review: { added, changed, removed, settings } }: ImportResult): boolean {
	return [added, changed, removed, settings].every(list => list.length === 0)
}

function report(call: CommandCall, result: ImportResult): CommandResult {
	const { source, review, warnings, basedOn, revision } = result
	const data = {
		dryRun: call.options.has('dry-run'),
		source,
		basedOn,
		revision: revision ?? null,
		review,
		warnings,
	}
	return { data, lines: [...describeReview(call, result), ...describeEnd(call, result)] }
}

function describeEnd(call: CommandCall, result: ImportResult): string[] {
	const { say } = call.texts
	const { revision } = result
	if (isNothing(result)) return [say('the configuration is what the file says: nothing to import')]
	if (revision === undefined) return [say('nothing was imported: this is what an import would do')]
	const undo = commandLine(call, 'history', 'restore', String(revision - 1))
	return [call.style.good(say(`imported as revision ${revision}`)), say(`undo: ${undo}`)]
}

function describeReview(call: CommandCall, { review, warnings }: ImportResult): string[] {
	const { say, label } = call.texts
	const list = (title: string, upstreams: readonly ReviewedUpstream[]) =>
		upstreams.length === 0
			? []
			: [
					label(title),
					...upstreams.flatMap(({ changes }) => describeChanges(changes, call)).map(line => `  ${line}`),
				]
	const { added, changed, removed, unchanged, settings } = review
	return [
		...list('added', added),
		...list('changed', changed),
		...list('removed', removed),
		...(settings.length === 0
			? []
			: [label('settings'), ...describeChanges(settings, call).map(line => `  ${line}`)]),
		...(unchanged.length === 0
			? []
			: [say(`unchanged: ${unchanged.map(({ name }) => toOneLine(name)).join(', ')}`)]),
		...warnings.map(warning => describeWarning(call, warning)),
	]
}
