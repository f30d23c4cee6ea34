import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '../texts/index.ts'

/** In columns; undefined: a pipe, where every line is as wide as it is. */
export const goldenWidths = [60, 80, 120, undefined] as const

export const titleOf = (columns: number | undefined) =>
	columns === undefined ? 'pipe' : `${columns} columns`

/** Where the files of a language are. */
export const goldenFolders = { en: '../golden', zh: '../golden/zh' } as const satisfies Record<
	Language,
	string
>

/** Sections of a file in `cli/golden/`: what the command prints at each width. */
export function readGolden(name: string, language: Language = 'en'): Map<string, string> {
	const text = readFileSync(join(import.meta.dirname, goldenFolders[language], `${name}.txt`), 'utf8')
	const parts = text.split(/^=== (.+)\n/m).slice(1)
	const titles = parts.filter((_, index) => index % 2 === 0)
	return new Map(titles.map((title, index) => [title, parts[index * 2 + 1] ?? '']))
}
