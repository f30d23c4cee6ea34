import type { Database } from './client.ts'
import { DatabaseError } from './errors.ts'

/** What grows with the requests; the rest stays small. */
const grownTables = ['request_log', 'usage', 'payloads', 'key_events']
/** Up to this size the whole of a file is read within a twentieth of a second, if the system has it in memory. */
const mostReadAtStart = 64 * 1024 * 1024

/**
 * At start: a damaged file is reported before anything is served from it. Nothing is repaired or recreated. Of a large one
 * only what it cannot be served without is read: reading a gigabyte of old requests may take a disk some seconds.
 */
export async function quickCheck(database: Database, wholeUpTo = mostReadAtStart): Promise<void> {
	if (database.location !== 'file') return
	const { bytes = 0 } = (await readDatabaseSize(database)) ?? {}
	for (const pragma of bytes > wholeUpTo ? await listChecks(database) : ['quick_check(1)']) {
		const [row] = await database.execute(`PRAGMA ${pragma}`)
		const verdict = String(Object.values(row ?? { verdict: 'no answer' })[0])
		if (verdict === 'ok') continue
		throw new DatabaseError(
			'corrupt',
			`The database ${database.label} is damaged (${verdict}). Put it aside and restore an export, or start with a new one.`,
		)
	}
}

/** One check per table: https://sqlite.org/pragma.html#pragma_quick_check */
async function listChecks(database: Database): Promise<string[]> {
	const tables = await database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
	const names = tables.map(({ name }) => String(name)).filter(name => !grownTables.includes(name))
	return names.map(name => `quick_check('${name.replaceAll("'", "''")}')`)
}

interface DatabaseSize {
	/** What it takes, free pages among them. */
	bytes: number
	/** What deleted rows left free: new rows use it, and compacting gives it back. Undefined of a server. */
	freeBytes?: number
}

/** Undefined where the server does not tell. */
export async function readDatabaseSize(database: Database): Promise<DatabaseSize | undefined> {
	const isFile = database.location === 'file'
	const statement = isFile
		? `SELECT page_count * page_size AS bytes, freelist_count * page_size AS free
			FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()`
		: 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()'
	const [row] = await database.execute(statement).catch(() => [])
	const bytes = Number(row?.bytes)
	if (!Number.isSafeInteger(bytes)) return undefined
	return { bytes, ...(isFile && { freeBytes: Number(row?.free) }) }
}

/** Most problems that are told. */
const MAX_PROBLEMS = 20

/** All that SQLite can find wrong with the data: structure, indexes, references. Empty when nothing is; nothing is changed. */
export async function checkDatabase(database: Database): Promise<string[]> {
	const integrity = await database.execute(`PRAGMA integrity_check(${MAX_PROBLEMS})`)
	const broken = integrity.map(row => String(Object.values(row)[0])).filter(text => text !== 'ok')
	const dangling = await database.execute('PRAGMA foreign_key_check')
	const lost = dangling.map(
		row => `a row of ${String(row.table)} refers to a row of ${String(row.parent)} that is gone`,
	)
	return [...broken, ...new Set(lost)].slice(0, MAX_PROBLEMS)
}
