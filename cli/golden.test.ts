import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldenCommands, goldenInChinese, goldenViews } from './test-support/golden-cases.ts'
import { createGoldenFolder, type GoldenFolder, settle } from './test-support/golden-folder.ts'
import { goldenFolders, goldenWidths, readGolden, titleOf } from './test-support/golden-text.ts'
import { type Language, loadTexts } from './texts/index.ts'
import { createStyle } from './ui/style.ts'
import { measureWidth } from './ui/text-width.ts'

/** What commands print for people, to the letter: `cli/golden/` is read by people, and changed by hand. */
let golden: GoldenFolder
beforeAll(async () => {
	golden = await createGoldenFolder()
})
afterAll(() => golden.remove())

const names = [...Object.keys(goldenCommands), ...Object.keys(goldenViews)]
const held: [name: string, language: Language][] = [
	...names.map((name): [string, Language] => [name, 'en']),
	...goldenInChinese.map((name): [string, Language] => [name, 'zh']),
]

/** Without its colours, which `says the same in colours` is about. */
async function print(
	name: string,
	columns: number | undefined,
	language: Language,
	color = false,
): Promise<string> {
	const view = goldenViews[name]
	if (view) {
		const texts = await loadTexts(language)
		const lines = view({ style: createStyle(color), texts, io: { program: 'npm run config --', columns } })
		return lines.map(line => `${stripVTControlCharacters(line).trimEnd()}\n`).join('')
	}
	const { stdout } = await golden.folder.runWith(
		{ columns, color, language },
		...(goldenCommands[name] ?? []),
	)
	return settle(stripVTControlCharacters(stdout))
}

test.each(['en', 'zh'] as const)('every file is held to a command: %s', language => {
	const files = readdirSync(join(import.meta.dirname, 'test-support', goldenFolders[language]))
	const expected = held.filter(([, own]) => own === language).map(([name]) => `${name}.txt`)
	expect(files.filter(file => file.endsWith('.txt')).sort()).toEqual(expected.sort())
})

describe.each(held)('%s (%s)', (name, language) => {
	test.each(goldenWidths)('prints into %s columns what its file says', async columns => {
		expect(await print(name, columns, language)).toBe(readGolden(name, language).get(titleOf(columns)))
	})

	test('says the same in colours', async () => {
		expect(await print(name, 80, language, true)).toBe(readGolden(name, language).get(titleOf(80)))
	})
})

/** What is to be copied, or is a document, stays in one piece however narrow the terminal is. */
const inOnePiece =
	/npm run config -- |https?:\/\/|^~? ?\+? ?月之暗面[:：] ?|^ {2}"|^openai-main-with-a-long-name /

test.each(held)('%s (%s) fits into the terminal', (name, language) => {
	for (const columns of [60, 80, 120]) {
		const lines = readGolden(name, language).get(titleOf(columns))?.split('\n') ?? []
		const wide = lines.filter(line => measureWidth(line) > columns && !inOnePiece.test(line))
		expect(wide).toEqual([])
	}
})
