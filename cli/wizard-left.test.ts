import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { keys, openTerminal, photograph, type Terminal } from './test-support/terminal.ts'

/** The menu, and the questions of a first run that only some people see: left at each, they change nothing. */
const { enter, down, escape: leave, interrupt } = keys
const menu = 'What do you want to do?'
type Step = readonly [question: string, typed: string]

const choose = (place: number): Step => [menu, `${down.repeat(place)}${enter}`]
const first: Step = ['Which upstream?', enter]
const [add, edit, keysOf, use, strategy, test_, , history, connect] = Array.from({ length: 9 }, (_, at) =>
	choose(at),
)
const custom: Step[] = [
	['Which service answers?', 'by its URL'],
	['(1 match)', enter],
	['Paste its URL', `http://127.0.0.1:9/v1${enter}${enter}`],
	['What does it speak?', enter],
	['What is it to be called?', `x${enter}`],
	['Paste the keys of', `sk-third-0123456789${enter}${enter}`],
	['The test failed. What now?', `${down.repeat(3)}${enter}`],
	['Which models should stand', `${enter}`],
	['For opus and sonnet', `m${enter}`],
	['For haiku', `m${enter}`],
]

/** What is answered on the way to a question, and the question. */
const questions: [question: string, way: (Step | undefined)[]][] = [
	['Which service answers?', [add]],
	...custom
		.slice(2)
		.map(([question], at): [string, (Step | undefined)[]] => [question, [add, ...custom.slice(0, at + 2)]]),
	['Answer requests with', [add, ...custom]],
	['Which upstream?', [edit]],
	['What of it?', [edit, first]],
	['◆  url', [edit, first, ['What of it?', `${down}${enter}`]]],
	['◆  opus', [edit, first, ['What of it?', `${down.repeat(10)}${enter}`]]],
	['Remove main', [edit, first, ['What of it?', `${down.repeat(11)}${enter}`]]],
	['Which upstream?', [keysOf]],
	['Show them', [keysOf, first]],
	['Paste the keys of', [keysOf, first, ['Show them', `${down}${enter}`]]],
	['Which key?', [keysOf, first, ['Show them', `${down.repeat(7)}${enter}`]]],
	['Which upstream?', [use]],
	['How should its keys take turns?', [strategy]],
	['Test what?', [test_]],
	['Bring which one back?', [history]],
	['Restore revision 1?', [history, ['Bring which one back?', `${down.repeat(2)}${enter}`]]],
	['Let Claude Code use this proxy?', [connect]],
]

let folder: CliFolder
let home: string
let terminal: Terminal | undefined
beforeAll(async () => {
	folder = createCliFolder({ PORT: '9' })
	home = mkdtempSync(join(tmpdir(), 'claude-proxy-home-'))
	mkdirSync(join(home, '.claude'))
	writeFileSync(join(home, '.claude/settings.json'), '{}\n')
	await folder.run('add', 'main', 'openai', 'http://127.0.0.1:9/v1', '--key', 'sk-first-0123456789')
	await folder.run('add', 'spare', 'openai', 'http://127.0.0.1:9/v1', '--key', 'sk-second-0123456789')
})
afterEach(async () => {
	terminal?.kill()
	await terminal?.ended()
})
afterAll(() => {
	folder.remove()
	rmSync(home, { recursive: true, force: true })
})

async function walk(opened: Terminal, steps: readonly (Step | undefined)[]): Promise<void> {
	for (const step of steps) {
		await opened.see(step?.[0] ?? '')
		opened.type(step?.[1] ?? '')
	}
}

/** Configuration, `.env` and the user's home: what a wizard could change. */
async function look() {
	const exported = await folder.run('export', '--without-keys')
	const { upstreams, revision } = await folder.data('list')
	const env = readFileSync(join(folder.path, '.env'), 'utf8')
	return {
		exported: exported.stdout.replace(/"exportedAt":[^,]+/, ''),
		upstreams,
		revision,
		env,
		home: photograph(home),
	}
}

describe('a question of the menu that is left', () => {
	test('by Esc goes back to the menu, and nothing is changed', async () => {
		const before = await look()
		const opened = await openTerminal({ folder: folder.path, home })
		terminal = opened
		for (const [question, way] of questions) {
			await walk(opened, way)
			await opened.see(question)
			opened.type(leave)
			await opened.see('Left: nothing was changed.')
		}
		await opened.see(menu)
		opened.type(leave)
		expect(await opened.ended()).toBe(130)
		expect(await look()).toEqual(before)
	})

	test.each(questions)('by Ctrl-C ends the program, and nothing is changed: %s', async (question, way) => {
		const before = await look()
		const opened = await openTerminal({ folder: folder.path, home })
		terminal = opened
		await walk(opened, way)
		await opened.see(question)
		opened.type(interrupt)
		expect(await opened.ended()).toBe(130)
		expect(await look()).toEqual(before)
	})
})

const database: Step = ['Where should the configuration be kept?', enter]
const accessKey: Step = ['Clients need an access key', enter]
const rare: [question: string, way: Step[]][] = [
	['Database URL', [[database[0], `${down}${enter}`]]],
	[
		'Token of the database',
		[
			[database[0], `${down}${enter}`],
			['Database URL', `http://127.0.0.1:9${enter}`],
		],
	],
	['Your access key', [database, [accessKey[0], `${down}${enter}`]]],
	['Which endpoint?', [database, accessKey, ['Which service', 'deepseek'], ['(1 match)', enter]]],
	[
		'Your URL, like',
		[database, accessKey, ['Which service', 'azure'], ['(1 match)', enter], ['Which endpoint?', enter]],
	],
]

describe('a rarer question of a first run', () => {
	test.each(
		rare.flatMap(([question, way]) => [
			{ question, how: 'Esc', key: leave, way },
			{ question, how: 'Ctrl-C', key: interrupt, way },
		]),
	)('$question left by $how: nothing is written', async ({ question, key, way }) => {
		const empty = mkdtempSync(join(tmpdir(), 'claude-proxy-empty-'))
		try {
			const opened = await openTerminal({ folder: empty, home })
			terminal = opened
			await walk(opened, way)
			await opened.see(question)
			opened.type(key)
			await opened.see('Cancelled: nothing was written.')
			expect(await opened.ended()).toBe(130)
			expect(photograph(empty)).toEqual({})
		} finally {
			rmSync(empty, { recursive: true, force: true })
		}
	})
})
