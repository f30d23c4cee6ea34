import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureCli } from '../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../scripts/lib/layout.ts'
import { quietProgress } from '../scripts/lib/progress.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'a', 'openai', 'https://a.example', '--key', 'sk-first-0123456789-aaaa')
})
afterEach(() => folder.remove())

/** Runs a command in a terminal and types each answer when its question stands there. */
async function runInTerminal(argv: string[], answers: [question: string, typed: string][]) {
	const entry = await ensureCli(projectRoot, quietProgress)
	const env = { PATH: process.env.PATH, TERM: 'xterm', NO_COLOR: '1' }
	const terminal = spawn(process.execPath, [entry, ...argv], { cwd: folder.path, env, cols: 200, rows: 30 })
	let shown = ''
	let from = 0
	const left = [...answers]
	terminal.onData(text => {
		shown += text
		const [question, typed] = left[0] ?? []
		if (question === undefined || typed === undefined || !shown.includes(question, from)) return
		left.shift()
		from = shown.length
		terminal.write(typed)
	})
	const code = await new Promise<number>(resolve => terminal.onExit(({ exitCode }) => resolve(exitCode)))
	return { code, shown }
}

test('a passphrase is asked for twice in a terminal, and never shown', async () => {
	const passphrase = 'correct horse battery'
	const { code, shown } = await runInTerminal(
		['export', 'a.json', '--passphrase'],
		[
			['Passphrase: ', `${passphrase}\r`],
			['Again: ', `${passphrase}\r`],
		],
	)
	expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringContaining('wrote a.json') })
	expect(shown).not.toContain('horse')
	expect(readFileSync(join(folder.path, 'a.json'), 'utf8')).toContain('"sealed"')

	await folder.run('remove', '0', '--yes')
	const imported = await runInTerminal(
		['import', 'a.json'],
		[
			['Passphrase: ', `${passphrase}\r`],
			['Import this? [y/N] ', 'y\r'],
		],
	)
	expect(imported).toMatchObject({ code: 0, shown: expect.stringContaining('imported as revision') })
	expect(imported.shown).not.toContain('horse')
})

test('Ctrl-C at the question leaves everything as it was', async () => {
	const { code, shown } = await runInTerminal(
		['export', 'a.json', '--passphrase'],
		[['Passphrase: ', '\u0003']],
	)
	expect({ code, shown }).toMatchObject({ code: 130, shown: expect.stringContaining('nothing was done') })
	expect(() => readFileSync(join(folder.path, 'a.json'))).toThrow('ENOENT')
})
