import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldenCommands, goldenViews } from './test-support/golden-cases.ts'
import { createGoldenFolder, type GoldenFolder, settle } from './test-support/golden-folder.ts'
import { goldenWidths, readGolden, titleOf } from './test-support/golden-text.ts'
import { createStyle } from './ui/style.ts'
import { measureWidth } from './ui/text-width.ts'

/** What commands print for people, to the letter: `cli/golden/` is read by people, and changed by hand. */
let golden: GoldenFolder
beforeAll(async () => {
	golden = await createGoldenFolder()
})
afterAll(() => golden.remove())

const names = [...Object.keys(goldenCommands), ...Object.keys(goldenViews)]

/** Without its colours, which `says the same in colours` is about. */
async function print(name: string, columns: number | undefined, color = false): Promise<string> {
	const view = goldenViews[name]
	if (view) {
		const lines = view({ style: createStyle(color), io: { program: 'npm run config --', columns } })
		return lines.map(line => `${stripVTControlCharacters(line).trimEnd()}\n`).join('')
	}
	const { stdout } = await golden.folder.runWith({ columns, color }, ...(goldenCommands[name] ?? []))
	return settle(stripVTControlCharacters(stdout))
}

test('every file is held to a command', () => {
	const files = readdirSync(join(import.meta.dirname, 'golden'))
	expect(files.sort()).toEqual(names.map(name => `${name}.txt`).sort())
})

describe.each(names)('%s', name => {
	test.each(goldenWidths)('prints into %s columns what its file says', async columns => {
		expect(await print(name, columns)).toBe(readGolden(name).get(titleOf(columns)))
	})

	test('says the same in colours', async () => {
		expect(await print(name, 80, true)).toBe(readGolden(name).get(titleOf(80)))
	})
})

/** What is to be copied, or is a document, stays in one piece however narrow the terminal is. */
const inOnePiece = /npm run config -- |https?:\/\/|^~? ?\+? ?月之暗面: |^ {2}"|^openai-main-with-a-long-name /

test.each(names)('%s fits into the terminal', name => {
	for (const columns of [60, 80, 120]) {
		const lines = readGolden(name).get(titleOf(columns))?.split('\n') ?? []
		const wide = lines.filter(line => measureWidth(line) > columns && !inOnePiece.test(line))
		expect(wide).toEqual([])
	}
})
