/** What went wrong with the database, in words that API, CLI and start-up turn into status and exit codes. */
export type DatabaseErrorCode =
	| 'unreachable' // network, DNS, timeout, 5xx: trying again may help
	| 'unauthorized' // the server refuses TURSO_AUTH_TOKEN
	| 'locked' // another process holds the file for longer than we wait
	| 'read-only' // writes are refused: file permissions, or a quota of the hosting
	| 'corrupt' // not a database, or a damaged one
	| 'storage' // the disk is full or failing, or the folder cannot be used
	| 'not-migrated' // tables are missing: no migration has run
	| 'newer-schema' // a newer claude-proxy has migrated this database
	| 'conflict' // the configuration changed since the revision the change was based on
	| 'exists' // a name that is taken
	| 'not-found' // no such upstream or key
	| 'invalid' // the input does not fit
	| 'constraint' // a rule of the schema refused it
	| 'closed' // used after close()
	| 'failed' // anything else

/** The message is for people: it says what to do, and never holds parameters of a statement. */
export class DatabaseError extends Error {
	override readonly name = 'DatabaseError'
	readonly code: DatabaseErrorCode
	constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause })
		this.code = code
	}
}

/** There has never been a configuration to serve from: the database was away since this process started. */
export class NoSnapshot extends Error {
	override readonly name = 'NoSnapshot'
	constructor(cause: unknown) {
		const reason = cause instanceof Error ? cause.message : 'the database did not answer in time'
		super(`No configuration could be read yet: ${reason}`, { cause })
	}
}

export function isDatabaseError(error: unknown, code?: DatabaseErrorCode): error is DatabaseError {
	return error instanceof DatabaseError && (code === undefined || error.code === code)
}

const outageCodes: ReadonlySet<DatabaseErrorCode> = new Set([
	...(['unreachable', 'unauthorized', 'locked', 'read-only', 'storage', 'corrupt', 'not-migrated'] as const),
])

/** Worth repeating later, unchanged: the database was away, not the statement wrong. */
export function isOutage(error: unknown): boolean {
	return error instanceof DatabaseError && outageCodes.has(error.code)
}

/** A violated constraint that names one of these `table.column`s. Files and servers agree on this text only. */
export function violates(error: unknown, ...columns: string[]): boolean {
	if (!isDatabaseError(error, 'constraint')) return false
	const text = error.cause instanceof Error ? error.cause.message : ''
	return columns.some(column => text.includes(column))
}

/** Turns what the drivers throw into a DatabaseError; `label` is the database's name for people. */
export function toDatabaseError(error: unknown, label: string): DatabaseError {
	if (error instanceof DatabaseError) return error
	const code = classify(error)
	return new DatabaseError(code, describe(code, label, error), error)
}

function classify(error: unknown): DatabaseErrorCode {
	const { code, message, httpStatus } = read(error)
	if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED' || /database (table )?is locked/.test(message)) {
		return 'locked'
	}
	if (code.startsWith('SQLITE_CONSTRAINT')) return 'constraint'
	if (code === 'SQLITE_READONLY' || code === 'BLOCKED' || /attempt to write a readonly/.test(message)) {
		return 'read-only'
	}
	if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') return 'corrupt'
	if (
		/SQLITE_(FULL|IOERR|CANTOPEN|PERM)/.test(code) ||
		/ConnectionFailed|EACCES|ENOSPC|EROFS/.test(message)
	) {
		return 'storage'
	}
	if (/no such (table|column)/.test(message)) return 'not-migrated'
	if (code === 'CLIENT_CLOSED') return 'closed'
	if (httpStatus === 401 || httpStatus === 403) return 'unauthorized'
	if (code.startsWith('SQLITE_') || code.startsWith('URL_') || code.startsWith('SQL_')) return 'failed'
	// A TypeError is fetch's way to say that the network failed, but also what a mistake of ours throws.
	const ours = error instanceof TypeError || error instanceof RangeError
	return ours && !/fetch failed|terminated/.test(message) ? 'failed' : 'unreachable'
}

function describe(code: DatabaseErrorCode, label: string, error: unknown): string {
	switch (code) {
		case 'locked':
			return `The database ${label} is locked by another process; close what holds it, or try again.`
		case 'read-only':
			return `The database ${label} refuses to be written. A file needs write permission for itself and its folder; a hosted database may have used up its quota.`
		case 'corrupt':
			return `The database ${label} is damaged or is not a database. Put it aside and restore an export, or start with a new one.`
		case 'storage':
			return `The database ${label} cannot be opened or written: check that its folder exists, belongs to you and has space left.`
		case 'not-migrated':
			return `The database ${label} lacks tables that this version needs; run: npm run db:migrate`
		case 'unauthorized':
			return `The database ${label} refuses the token; check TURSO_AUTH_TOKEN.`
		case 'closed':
			return `The database ${label} has been closed.`
		case 'constraint':
			return `The database ${label} refused a row that breaks one of its rules.`
		case 'unreachable':
			return `The database ${label} cannot be reached (${shortReason(error)}).`
		default:
			return `The database ${label} answered with an error (${shortReason(error)}).`
	}
}

/** Never the driver's whole text: a wrapped one can hold parameters. */
function shortReason(error: unknown): string {
	const { code, httpStatus, cause } = read(error)
	if (httpStatus !== undefined) return `HTTP ${httpStatus}`
	const inner = cause === undefined ? '' : read(cause).code
	if (inner !== '') return inner
	if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time'
	return code === '' ? 'network error' : code
}

function read(error: unknown): { code: string; message: string; httpStatus?: number; cause?: unknown } {
	if (!(error instanceof Error)) return { code: '', message: String(error) }
	const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
	const status = httpStatusOf(error) ?? httpStatusOf(error.cause)
	return {
		code,
		message: error.message,
		cause: error.cause,
		...(status === undefined ? {} : { httpStatus: status }),
	}
}

function httpStatusOf(error: unknown): number | undefined {
	if (!(error instanceof Error)) return undefined
	if ('status' in error && typeof error.status === 'number') return error.status
	const match = /HTTP status (\d{3})/.exec(error.message)
	return match ? Number(match[1]) : undefined
}
