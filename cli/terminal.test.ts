import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createRequestLog } from '../db/index.ts'
import { requestRecord } from '../db/test-support/samples.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'
import { keys, openTerminal, type Terminal, type TerminalOptions } from './test-support/terminal.ts'
import { measureWidth } from './ui/text-width.ts'

/** What a real terminal makes a difference to: width, colours, and commands that go on until Ctrl-C. */
let folder: CliFolder
let home: string
let terminal: Terminal
beforeAll(async () => {
	folder = createCliFolder()
	home = mkdtempSync(join(tmpdir(), 'claude-proxy-home-'))
	await folder.run(
		'add',
		'月之暗面',
		'claude',
		'https://api.moonshot.cn/anthropic/a/long/path',
		'--key',
		'sk-a-0123456789',
	)
})
afterEach(async () => {
	terminal.kill()
	await terminal.ended()
})
afterAll(() => {
	folder.remove()
	rmSync(home, { recursive: true, force: true })
})

async function open(argv: string[], options: Partial<TerminalOptions> = {}): Promise<Terminal> {
	terminal = await openTerminal({ folder: folder.path, home, argv, ...options })
	return terminal
}

const escapeCode = '\u001b['

test.each([60, 80])('a table fits into a terminal of %i columns', async columns => {
	await open(['list'], { columns })
	expect(await terminal.ended()).toBe(0)
	expect(terminal.screen()).toContain('月之暗面 (current)')
	for (const line of terminal.screen().split('\r\n')) expect(measureWidth(line)).toBeLessThanOrEqual(columns)
})

test('colours are for terminals, and not with NO_COLOR', async () => {
	await open(['list'])
	expect(await terminal.ended()).toBe(0)
	expect(terminal.written()).toContain(escapeCode)
	await open(['list'], { variables: { NO_COLOR: '1' } })
	expect(await terminal.ended()).toBe(0)
	expect(terminal.written()).not.toContain(escapeCode)
})

test('status --watch shows what changes, and ends with Ctrl-C', async () => {
	await open(['status', '--watch', '--interval', '0.2'])
	await terminal.see('Ctrl-C ends')
	await folder.run('add', 'newcomer', 'openai', 'https://a.example')
	await terminal.see('newcomer')
	terminal.type(keys.interrupt)
	expect(await terminal.ended()).toBe(130)
})

test('logs -f shows what comes, and ends with Ctrl-C', async () => {
	await open(['logs', '-f'])
	await terminal.see('WHEN')
	await withDatabase(async database => {
		const log = createRequestLog({ database })
		log.record(requestRecord('req_new', { upstreamModel: 'the-new-one' }))
		await log.flush()
	})
	await terminal.see('the-new-one')
	terminal.type(keys.interrupt)
	expect(await terminal.ended()).toBe(130)
})
