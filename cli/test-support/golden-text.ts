import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** In columns; undefined: a pipe, where every line is as wide as it is. */
export const goldenWidths = [60, 80, 120, undefined] as const

export const titleOf = (columns: number | undefined) =>
	columns === undefined ? 'pipe' : `${columns} columns`

/** Sections of a file in `cli/golden/`: what the command prints at each width. */
export function readGolden(name: string): Map<string, string> {
	const text = readFileSync(join(import.meta.dirname, '../golden', `${name}.txt`), 'utf8')
	const parts = text.split(/^=== (.+)\n/m).slice(1)
	const titles = parts.filter((_, index) => index % 2 === 0)
	return new Map(titles.map((title, index) => [title, parts[index * 2 + 1] ?? '']))
}
