import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../cli/commands/index.ts'
import { exitCodes } from '../../cli/errors.ts'
import { globalOptions } from '../../cli/parse-options.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { readCodes, readTables } from './tables.ts'

const tables = readTables(readFileSync(join(projectRoot, 'docs/cli.md'), 'utf8'))
const firstCells = [...tables.values()].flat().map(([cell = '']) => cell)
const codes = firstCells.flatMap(readCodes)

describe('docs/cli.md', () => {
	test.each(Object.entries(commands))('tells of %s and its options', async (name, { load }) => {
		expect(codes.filter(code => code === name || code.startsWith(`${name} `))).not.toEqual([])
		const { options } = await load()
		const missing = Object.keys(options).filter(
			option => !codes.some(code => new RegExp(`--${option}(?![\\w-])`).test(code)),
		)
		expect(missing).toEqual([])
	})

	test('tells of the options that every command takes', () => {
		expect(codes).toEqual(expect.arrayContaining(Object.keys(globalOptions).map(name => `--${name}`)))
	})

	test('tells of every exit code, and of no other', () => {
		const told = (tables.get('For scripts') ?? []).map(([cell = '']) => Number(cell))
		expect(told).toEqual(Object.values(exitCodes))
	})
})
