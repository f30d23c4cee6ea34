import type { Client, InStatement, ResultSet } from '@libsql/client'
import { type DatabaseFile, watchDatabaseFile } from './database-file.ts'
import { DatabaseError, type DatabaseErrorCode, toDatabaseError } from './errors.ts'
import { prepareFile, readLocation, toDriverUrl } from './location.ts'
import type { Row, SqlValue, Statement } from './sql.ts'

/**
 * One database, file or server. Only single statements and whole batches: no transaction is ever held open, since it
 * would block the process that holds it (file) or cost a trip per statement (server). Answers are rows only: counts of
 * affected rows are wrong with some servers, `RETURNING` is not.
 */
export interface Database {
	readonly location: 'file' | 'remote'
	/** The URL without secrets, for people. */
	readonly label: string
	execute(sql: string, args?: readonly SqlValue[]): Promise<Row[]>
	/** All statements or none; takes the write lock first. */
	batch(statements: readonly Statement[], options?: BatchOptions): Promise<Row[][]>
	close(): void
}

export interface BatchOptions {
	/**
	 * A file's answer does not wait for the disk: what is written lasts when the process dies, and the latest of it may
	 * be lost when the computer does. For what is written behind requests, which the disk would hold up by milliseconds.
	 */
	isBehind?: boolean
}

export interface DatabaseOptions {
	url: string
	authToken?: string
	/** Longest wait for a server's answer, ms. */
	timeoutMs?: number
}

/** How long one try waits for a file's lock: it blocks the whole process, streams included. So it is short, and repeated. */
const FILE_LOCK_MS = 250
/** Longest wait for a lock in all. */
export const LOCK_PATIENCE_MS = 10_000
const MAX_TRIES = 40
const REMOTE_TIMEOUT_MS = 5000

/** Opens by the URL's scheme; native code is loaded for files only. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
	const location = readLocation(options.url)
	prepareFile(location)
	try {
		if (location.path === undefined)
			return createDatabase({ main: await openRemote(options) }, location.label)
		const clients = await openFile(location.path)
		return createDatabase(clients, location.label, watchDatabaseFile(location))
	} catch (error) {
		throw toDatabaseError(error, location.label)
	}
}

/** A database's connections; how durable their writes are is a property of each. */
interface Clients {
	main: Client
	/** For batches that are written behind. */
	openBehind?: () => Client
}

async function openFile(path: string): Promise<Clients> {
	const { createClient } = await import('@libsql/client/sqlite3')
	const options = { url: toDriverUrl(path), timeout: FILE_LOCK_MS }
	// One connection: that it does not wait for the disk is said to a connection.
	return { main: createClient(options), openBehind: () => createClient({ ...options, concurrency: 1 }) }
}

/**
 * With a write-ahead log nothing is damaged if the disk has not got the latest of it; without one it might be.
 * Source: https://sqlite.org/pragma.html#pragma_synchronous
 */
async function relax(client: Client): Promise<void> {
	const { rows } = await client.execute('PRAGMA journal_mode')
	const level = rows[0]?.[0] === 'wal' ? 'NORMAL' : 'FULL'
	await client.execute(`PRAGMA synchronous = ${level}`)
}

async function openRemote(options: DatabaseOptions): Promise<Client> {
	const { createClient } = await import('@libsql/client/http')
	const timeoutMs = options.timeoutMs ?? REMOTE_TIMEOUT_MS
	return createClient({
		url: options.url,
		authToken: options.authToken === '' ? undefined : options.authToken,
		// The driver's own timeout is for files: without a signal, a server that hangs would hang us for ever.
		fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(timeoutMs) }),
	})
}

/** After these the driver must not go on with its connections. */
const spoiled: ReadonlySet<DatabaseErrorCode> = new Set(['locked', 'corrupt', 'storage', 'read-only'])

function createDatabase(
	{ main: client, openBehind }: Clients,
	label: string,
	file?: DatabaseFile | undefined,
): Database {
	let closed = false
	let behind: Client | undefined
	let isRelaxed = false

	/** All connections are closed before it returns: nobody may come between that and what is done next. */
	function reconnect(): Promise<unknown> {
		isRelaxed = false
		return Promise.all([client.reconnect(), behind?.reconnect()])
	}

	async function writeBatch(statements: InStatement[], isBehind: boolean): Promise<ResultSet[]> {
		if (!isBehind || !openBehind) return client.batch(statements, 'write')
		behind ??= openBehind()
		if (!isRelaxed) await relax(behind)
		isRelaxed = true
		return behind.batch(statements, 'write')
	}

	/** Nothing is asked of SQLite while the file is not in its place. */
	async function use<T>(run: () => Promise<T>): Promise<T> {
		if (file?.look() === 'replaced') {
			const reconnected = reconnect()
			file.putJournalAside()
			await reconnected
		}
		const result = await run()
		file?.used()
		return result
	}

	async function attempt<T>(run: () => Promise<T>, mayRepeat: boolean): Promise<T> {
		let networkTries = mayRepeat ? 1 : 0
		const deadline = performance.now() + LOCK_PATIENCE_MS
		for (let tries = 1; ; tries++) {
			if (closed)
				throw toDatabaseError(new DatabaseError('closed', `The database ${label} is closed.`), label)
			try {
				return await use(run)
			} catch (cause) {
				const error = toDatabaseError(cause, label)
				// Another operation's reconnect closed the connection before this one used it: nothing was done.
				if (error.code === 'closed' && !closed && tries < MAX_TRIES) continue
				// After a BUSY the driver answers "ok" to writes that it never commits (libsql-js#237); a damaged file's
				// pages would be served from its cache for ever.
				if (file !== undefined && spoiled.has(error.code)) await reconnect()
				if (error.code === 'locked' && tries < MAX_TRIES && performance.now() < deadline) {
					await pause(10 + Math.random() * 20 * Math.min(tries, 10))
					continue
				}
				// A kept-alive connection that the server has dropped fails its next request at once.
				if (error.code === 'unreachable' && networkTries > 0 && !isSlowFailure(cause)) {
					networkTries--
					continue
				}
				throw error
			}
		}
	}

	return {
		location: file === undefined ? 'remote' : 'file',
		label,
		async execute(sql, args = []) {
			const statement = toDriverStatement({ sql, args })
			const result = await attempt(() => client.execute(statement), /^\s*(select|with)\b/i.test(sql))
			return toRows(result)
		},
		async batch(statements, { isBehind = false } = {}) {
			const prepared = statements.map(toDriverStatement)
			const results = await attempt(() => writeBatch(prepared, isBehind), false)
			return results.map(toRows)
		},
		close() {
			if (closed) return
			closed = true
			client.close()
			behind?.close()
		},
	}
}

/** Integers travel as integers: servers would otherwise get floats, which a TEXT column keeps as `1.0`. */
function toDriverStatement(statement: Statement): InStatement {
	const args = (statement.args ?? []).map(value =>
		typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value,
	)
	return { sql: statement.sql, args }
}

function toRows(result: ResultSet): Row[] {
	return result.rows.map(row => {
		const plain: Row = {}
		result.columns.forEach((column, index) => {
			const value = row[index]
			plain[column] = value instanceof ArrayBuffer || value === undefined ? null : value
		})
		return plain
	})
}

function isSlowFailure(cause: unknown): boolean {
	return cause instanceof Error && cause.name === 'TimeoutError'
}

function pause(ms: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, ms))
}
