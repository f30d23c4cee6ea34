import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { maxDocumentLength } from '../core/config/transfer/document.ts'
import { describeUnreadable } from './cannot-read.ts'
import type { CommandCall } from './command.ts'
import { CliError, exitCodes } from './errors.ts'
import { notFoundError, usageError } from './refuse.ts'

export interface ImportFile {
	/** Undefined: stdin. */
	path: string | undefined
	text: string
}

/** A UTF-8 character has at most four bytes. */
const maxBytes = 4 * maxDocumentLength

/**
 * The file that a path means: itself, or that of a folder; `-` is stdin.
 * @throws CliError not-found, usage, or rejected for what is no text
 */
export async function readImportFile(call: CommandCall, given: string): Promise<ImportFile> {
	if (given === '-') {
		const hint = 'paste the file, then press Ctrl-D'
		return { path: undefined, text: await call.io.readInput({ hint, maxLength: maxDocumentLength }) }
	}
	const path = await findFile(given)
	return { path, text: decode(await readBytes(path), path) }
}

async function readBytes(path: string): Promise<Buffer> {
	const file = await open(path).catch(error => {
		throw cannotRead(path, error)
	})
	try {
		const { size } = await file.stat()
		if (size > maxBytes)
			throw reject(`${path} is larger than ${maxBytes / 1_000_000} MB: it is no configuration`)
		return await file.readFile()
	} catch (error) {
		throw error instanceof CliError ? error : cannotRead(path, error)
	} finally {
		await file.close()
	}
}

/** Editors and shells of Windows write UTF-16, with a mark that tells. */
function decode(bytes: Buffer, path: string): string {
	const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
	try {
		return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
	} catch {
		throw reject(`${path} is not a text in UTF-8`)
	}
}

async function findFile(given: string): Promise<string> {
	const found = await stat(given).catch(error => {
		throw cannotRead(given, error)
	})
	if (found.isFile()) return given
	if (!found.isDirectory()) throw usageError(`${given} is neither a file nor a folder`)
	const names = (await readdir(given)).sort()
	for (const inside of ['config.json', '.config/config.json', 'backend/.config/config.json']) {
		const path = join(given, inside)
		if (await isFile(path)) return path
	}
	for (const inside of ['config.backups', 'backups']) {
		if (names.includes(inside)) return findBackup(join(given, inside), await readdir(join(given, inside)))
	}
	return findBackup(given, names)
}

/** The original's names: `config-2025-08-31T09-15-02-123Z.json`, in later versions the local time without a mark. */
const backupName = /^config-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)(-\d{3}Z)?\.json$/

/** The newest backup, if the names tell which one that is. */
function findBackup(folder: string, names: readonly string[]): string {
	const files = names.filter(name => name.endsWith('.json')).sort()
	const [only] = files
	if (only === undefined) {
		throw notFoundError(`${folder} holds no config.json and no backup of one`, 'give the file itself')
	}
	if (files.length === 1) return join(folder, only)
	const read = files.map(name => backupName.exec(name))
	const kinds = new Set(
		read.map(match => (match === null ? 'other' : match[2] === undefined ? 'local' : 'utc')),
	)
	// Names of one kind sort by time.
	if (kinds.size === 1 && !kinds.has('other')) return join(folder, files.at(-1) ?? only)
	const shown = files.slice(-20).map(name => `  ${join(folder, name)}`)
	throw usageError([`${folder} holds several files:`, ...shown].join('\n'), 'give the one that is meant')
}

async function isFile(path: string): Promise<boolean> {
	return stat(path).then(
		found => found.isFile(),
		() => false,
	)
}

function cannotRead(path: string, error: unknown): CliError {
	if ((error as NodeJS.ErrnoException).code === 'ENOENT')
		return notFoundError(`there is no file or folder ${path}`)
	return usageError(describeUnreadable(path, error))
}

function reject(message: string): CliError {
	return new CliError(exitCodes.rejected, 'rejected', message)
}
