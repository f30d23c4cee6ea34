import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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

/** The file's folder (0700) and the file itself (0600) when they are missing; what exists keeps its mode. */
export function prepareFile(location: DatabaseLocation): void {
	if (location.path === undefined) return
	try {
		mkdirSync(dirname(location.path), { recursive: true, mode: 0o700 })
	} catch (error) {
		throw storageError(location, dirname(location.path), error)
	}
	try {
		// Only a file that is not there yet is opened: closing any descriptor of a database file drops all locks that
		// this process holds on it, and another process then breaks the WAL (sqlite.org/howtocorrupt.html §2.2).
		closeSync(openSync(location.path, 'wx', 0o600))
	} catch (error) {
		// A file that may only be read still serves.
		if (!['EEXIST', 'EROFS', 'EACCES'].includes(codeOf(error) ?? '')) {
			throw storageError(location, location.path, error)
		}
	}
}

function storageError(location: DatabaseLocation, path: string, error: unknown): DatabaseError {
	return new DatabaseError(
		'storage',
		`The database ${location.label} cannot be created: ${path} is not usable (${codeOf(error)}). Choose another place with TURSO_DATABASE_URL.`,
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
