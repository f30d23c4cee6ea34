import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Longer than any build takes: files this much older than a finished build were no part of it. */
const buildTimeMs = 10 * 60_000

/**
 * Moves a finished build over an older one while others may be reading it or publishing their own. File by file by
 * rename, the `last` file at the end: that one names the others, so a reader sees the old build or the new one. Files
 * of the build that was replaced stay until the next time, for processes and browser tabs that still load parts of it.
 */
export function publishFolder(from: string, to: string, last: string): void {
	const replacedAt = statSync(join(to, last), { throwIfNoEntry: false })?.mtimeMs ?? 0
	const files = listFiles(from).filter(file => file !== last)
	for (const file of [...files, last]) moveFile(join(from, file), join(to, file))
	const current = new Set([...files, last])
	for (const file of listFiles(to)) {
		if (!current.has(file)) removeIfOlder(join(to, file), replacedAt - buildTimeMs)
	}
}

function moveFile(from: string, to: string): void {
	const now = new Date()
	utimesSync(from, now, now)
	mkdirSync(dirname(to), { recursive: true })
	renameSync(from, to)
}

function removeIfOlder(file: string, limitMs: number): void {
	const modifiedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
	if (modifiedAt >= limitMs) return
	try {
		unlinkSync(file)
	} catch (error) {
		// Another process cleaning up at the same time got there first.
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
	}
}

/** Files below a folder, as paths relative to it. */
export function listFiles(folder: string): string[] {
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
	return entries
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
		.sort()
}
