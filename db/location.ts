import { randomBytes } from 'node:crypto'
import {
	constants,
	copyFileSync,
	linkSync,
	mkdirSync,
	rmSync,
	type Stats,
	statSync,
	writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseError } from './errors.ts'

/** Where a database is: read from its URL before any driver is loaded. */
export interface DatabaseLocation {
	kind: 'file' | 'remote'
	/** The URL without user, password, query: safe to show. */
	label: string
	/** Absolute path of a file. */
	path: string | undefined
}

export function readLocation(url: string): DatabaseLocation {
	const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase()
	if (scheme === 'file') {
		const path = filePath(url)
		if (path === '' || path === ':memory:') {
			throw new DatabaseError('invalid', 'TURSO_DATABASE_URL must name a file: file:data/claude-proxy.db')
		}
		return { kind: 'file', label: `file:${path}`, path: resolve(path) }
	}
	const parsed = URL.parse(url)
	if (parsed === null || parsed.host === '' || !['libsql', 'https', 'http'].includes(scheme ?? '')) {
		throw new DatabaseError(
			'invalid',
			'TURSO_DATABASE_URL must start with file:, libsql:, https: or http:, for example file:data/claude-proxy.db',
		)
	}
	const path = parsed.pathname === '/' ? '' : parsed.pathname
	return { kind: 'remote', label: `${scheme}://${parsed.host}${path}`, path: undefined }
}

/**
 * Makes the file's folder (0700) and the file itself (0600) when they are missing; what exists keeps its mode. A file
 * that exists and holds nothing is refused: it was a database that something has emptied, and SQLite would take it for
 * a new one and throw away the journal beside it, which may hold all that is left.
 */
export function prepareFile(location: DatabaseLocation): void {
	const { path } = location
	if (path === undefined) return
	let found = findFile(location, path)
	if (found === undefined) {
		createFile(location, path)
		found = findFile(location, path)
	}
	if (found === undefined) throw storageError(location, path, 'a link to nothing')
	if (found.isDirectory()) throw storageError(location, path, 'a folder')
	if (found.size === 0) throw emptiedFile(location.label)
}

/**
 * A file for the driver, which must exist: SQLite's own `file:` URI within the driver's (sqlite.org/uri.html). By a plain
 * path SQLite would make the file anew, empty, if it vanished at this moment, and throw away the journal beside it.
 */
export function toDriverUrl(path: string): string {
	return `file:${encodeURIComponent(`${pathToFileURL(path).href}?mode=rw`)}`
}

export function emptiedFile(label: string): DatabaseError {
	return new DatabaseError(
		'corrupt',
		`The database ${label} is an empty file: something has emptied it. Move what lies beside it (-wal, -shm) away, then put a copy in its place with mv; or move the file away as well to begin anew.`,
	)
}

function findFile(location: DatabaseLocation, path: string): Stats | undefined {
	try {
		return statSync(path, { throwIfNoEntry: false })
	} catch (error) {
		throw storageError(location, path, codeOf(error), error)
	}
}

function createFile(location: DatabaseLocation, path: string): void {
	refuseLeftJournal(location, path)
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
		placeNew(path, emptyDatabase())
	} catch (error) {
		throw storageError(location, path, codeOf(error), error)
	}
}

/** SQLite would play the journal of a database that is gone into the new one. */
function refuseLeftJournal(location: DatabaseLocation, path: string): void {
	if (findFile(location, `${path}-wal`) === undefined || findFile(location, path) !== undefined) return
	throw new DatabaseError(
		'storage',
		`The database ${location.label} is gone, but its journal ${path}-wal is there. Put the file back in its place, or move the journal and ${path}-shm away to use a copy or begin anew.`,
	)
}

/** The file appears whole or not at all, so that no process takes another's new database for an emptied one. */
function placeNew(path: string, content: Buffer): void {
	const temporary = `${path}.new-${process.pid}-${randomBytes(4).toString('hex')}`
	writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 })
	try {
		linkSync(temporary, path)
	} catch (error) {
		// Another process was faster; or the file system knows no links.
		if (codeOf(error) !== 'EEXIST') copyFileSync(temporary, path, constants.COPYFILE_EXCL)
	} finally {
		rmSync(temporary, { force: true })
	}
}

/** One page without tables, in WAL mode: what SQLite makes of a new file (sqlite.org/fileformat2.html §1.3, §1.6). */
function emptyDatabase(): Buffer {
	const pageSize = 4096
	const page = Buffer.alloc(pageSize)
	page.write('SQLite format 3\0', 'latin1')
	page.writeUInt16BE(pageSize, 16)
	// Format versions for writing and reading (2: WAL), reserved bytes, and three fixed payload fractions.
	page.set([2, 2, 0, 64, 32, 32], 18)
	// Change counter, and the size in pages that holds as long as `version-valid-for` is the same counter.
	for (const offset of [24, 28, 92]) page.writeUInt32BE(1, offset)
	// Schema format 4, text as UTF-8.
	page.writeUInt32BE(4, 44)
	page.writeUInt32BE(1, 56)
	// The root of the schema's tree: a leaf without cells, whose contents would begin at the page's end.
	page[100] = 0x0d
	page.writeUInt16BE(pageSize, 105)
	return page
}

function storageError(
	location: DatabaseLocation,
	path: string,
	reason: string,
	error?: unknown,
): DatabaseError {
	return new DatabaseError(
		'storage',
		`The database ${location.label} cannot be used: ${path} is not usable (${reason}). Choose another place with TURSO_DATABASE_URL.`,
		error,
	)
}

function filePath(url: string): string {
	const raw = url.slice('file:'.length).replace(/[?#].*$/s, '')
	const path = raw.startsWith('//') ? raw.replace(/^\/\/(localhost)?/, '') : raw
	try {
		return decodeURIComponent(path)
	} catch {
		throw new DatabaseError('invalid', 'TURSO_DATABASE_URL has a % that starts no escape; write %25')
	}
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
