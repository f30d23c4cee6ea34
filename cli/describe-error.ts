import type { ConflictDetails, DatabaseErrorCode, ImportRefused } from '../db/index.ts'
import { describeChanges } from './describe-change.ts'
import { CliError, type ErrorDetails, type ExitCode, exitCodes } from './errors.ts'
import { english } from './texts/index.ts'
import { createStyle } from './ui/style.ts'

const databaseExits: Record<DatabaseErrorCode, ExitCode> = {
	unreachable: exitCodes.database,
	unauthorized: exitCodes.database,
	locked: exitCodes.database,
	'read-only': exitCodes.database,
	corrupt: exitCodes.database,
	storage: exitCodes.database,
	'not-migrated': exitCodes.database,
	'newer-schema': exitCodes.database,
	closed: exitCodes.database,
	conflict: exitCodes.conflict,
	exists: exitCodes.conflict,
	'not-found': exitCodes.notFound,
	invalid: exitCodes.usage,
	constraint: exitCodes.failed,
	failed: exitCodes.failed,
}

const databaseHints: Partial<Record<DatabaseErrorCode, string>> = {
	unreachable: 'check TURSO_DATABASE_URL and the network',
	'newer-schema': 'update claude-proxy; reading commands still work',
}

/** Whatever a command threw, as an error for people. Database errors are known by name: a help text must not load the database. */
export function toCliError(error: unknown): CliError {
	if (error instanceof CliError) return error
	if (error instanceof Error && error.name === 'DatabaseError') {
		const code = (error as Error & { code: DatabaseErrorCode }).code
		if ('refusal' in error) return describeRefusal(error as never)
		const details = code === 'conflict' && 'theirs' in error ? describeConflict(error as never) : undefined
		const exitCode = databaseExits[code] ?? exitCodes.failed
		return new CliError(exitCode, code, error.message, databaseHints[code], details)
	}
	const message = error instanceof Error ? error.message : String(error)
	return new CliError(exitCodes.failed, 'failed', message)
}

/** A file that was not imported: every reason, by the place in the file. */
function describeRefusal({ refusal, message, problems }: ImportRefused): CliError {
	const hint = refusal === 'document' ? 'nothing was imported: correct the file, then repeat' : undefined
	const details = { lines: [], data: { problems } }
	return new CliError(
		exitCodes.rejected,
		refusal === 'document' ? 'rejected' : 'passphrase',
		message,
		hint,
		details,
	)
}

/** Both sides: what was wanted, and what somebody else changed since. */
function describeConflict(conflict: ConflictDetails): ErrorDetails {
	const { expectedRevision, currentRevision, theirs, theirsComplete, wanted } = conflict
	// Translated line by line where they are shown.
	const plain = { style: createStyle(false), texts: english }
	const list = (title: string, lines: readonly string[], none: string) => [
		title,
		...(lines.length === 0 ? [none] : lines).map(line => `  ${line}`),
	]
	return {
		lines: [
			...list(
				'you wanted',
				describeChanges(wanted, plain),
				'what cannot be done any more, or is done already',
			),
			...list(
				`since revision ${expectedRevision}${theirsComplete ? '' : ', as far as it is known'}`,
				describeChanges(theirs, plain),
				'nothing that is kept in the history',
			),
		],
		data: { expectedRevision, currentRevision, theirs, theirsComplete, wanted },
	}
}
