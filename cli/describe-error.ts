import type { DatabaseErrorCode } from '../db/index.ts'
import { CliError, type ExitCode, exitCodes } from './errors.ts'

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
		return new CliError(databaseExits[code] ?? exitCodes.failed, code, error.message, databaseHints[code])
	}
	const message = error instanceof Error ? error.message : String(error)
	return new CliError(exitCodes.failed, 'failed', message)
}
