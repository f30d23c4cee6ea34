import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const skippedFolders = new Set(['node_modules', 'build', '.svelte-kit', '.cache'])
const skippedFile = /\.test\.ts$|\.md$/

/**
 * A short name for the present state of some source files: it changes when one is added, removed, renamed, resized
 * or written. Files are listed, not read, so that every start can afford it.
 */
export function takeFingerprint(root: string, sources: readonly string[]): string {
	const hash = createHash('sha256')
	for (const source of [...sources].sort()) addToHash(hash, root, source)
	return hash.digest('hex').slice(0, 16)
}

function addToHash(hash: ReturnType<typeof createHash>, root: string, path: string): void {
	const stats = statSync(join(root, path), { throwIfNoEntry: false })
	if (stats === undefined) return
	if (!stats.isDirectory()) {
		hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`)
		return
	}
	for (const name of readdirSync(join(root, path)).sort()) {
		if (skippedFolders.has(name) || skippedFile.test(name)) continue
		addToHash(hash, root, `${path}/${name}`)
	}
}
