import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { presets } from '../core/presets/presets.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../test/support/upstreams/index.ts'
import { keys, openTerminal, type Terminal } from './test-support/terminal.ts'
import { chinese } from './wizard/texts-zh.ts'

/** The wizard of a Chinese terminal: what is no name in it is Chinese. */
const { enter, down, escape: leave, interrupt } = keys
const first = 'sk-first-0123456789abcdef'
const second = 'sk-second-0123456789abcde'
const menu = `◆  ${chinese.menu.question}`
type Step = readonly [question: string, typed: string]

let root: string
let folder: string
let home: string
let upstream: ScriptedUpstream
let terminal: Terminal | undefined

beforeAll(async () => {
	root = mkdtempSync(join(tmpdir(), 'claude-proxy-chinese-'))
	folder = join(root, 'work')
	home = join(root, 'home')
	mkdirSync(folder)
	mkdirSync(join(home, '.claude'), { recursive: true })
	writeFileSync(join(home, '.claude/settings.json'), '{}\n')
	upstream = await startOpenAiUpstream({ keys: [first, second], models: ['gpt-4o', 'gpt-4o-mini'] })
})
afterEach(async () => {
	terminal?.kill()
	await terminal?.ended()
})
afterAll(async () => {
	await upstream.close()
	rmSync(root, { recursive: true, force: true })
})

async function open(): Promise<Terminal> {
	terminal = await openTerminal({ folder, home, variables: { LANG: 'zh_CN.UTF-8', PORT: '9' }, columns: 120 })
	return terminal
}

async function walk(opened: Terminal, steps: readonly Step[]): Promise<void> {
	for (const [question, typed] of steps) {
		await opened.see(question)
		opened.type(typed)
	}
}

/** Products, services, types, fields of files, commands to type, models, and what the test itself has typed. */
const names = new Set(
	`claude proxy Turso Vercel URL Claude Code Anthropic OpenAI Gemini Responses POST TLS JSON env
	ANTHROPIC BASE AUTH TOKEN MODEL ENABLE DISABLE npm run config start status serve
	opus sonnet haiku gpt mini openai claude openaiold gemini failover round robin random auto
	api local other main settings json data db libsql file https key false true`
		.split(/\s+/)
		.concat(presets.flatMap(preset => chinese.upstream.preset(preset).match(/[A-Za-z]+/g) ?? []))
		.map(name => name.toLowerCase()),
)

/**
 * What is English, and no name: words of letters that stand in no URL, path or identifier. What was typed is on the
 * screen letter by letter.
 */
function listEnglish(screen: string, typed: readonly string[] = []): string[] {
	const prose = screen
		.replace(/(?:https?|file):\S+|[~.]?\/\S+|\b\w+\.(?:json|env|db)\b|\.env/g, ' ')
		.replace(/\b(?:sk-|key_|up_)\S*|\S*…\S*/g, ' ')
		.replace(/"?\b[A-Z]+(?:_[A-Z0-9]+)+\b"?/g, ' ')
	const words = prose.match(/[A-Za-z]{3,}/g) ?? []
	const isTyped = (word: string) =>
		[...typed, 'http', 'main', 'other', 'mini'].some(one => one.startsWith(word))
	return [...new Set(words.filter(word => !names.has(word.toLowerCase()) && !isTyped(word)))]
}

const customSteps = (name: string, pasted: string): Step[] => [
	[chinese.upstream.question, 'URL'],
	['1 项匹配', enter],
	[chinese.upstream.paste, `${upstream.url}/v1${enter}${enter}`],
	[chinese.upstream.type, enter],
	[chinese.upstream.name, `\u0015${name}${enter}`],
	[chinese.keys.question(name), `${pasted}${enter}${enter}`],
	[chinese.models.question, enter],
	[chinese.models.large, `4o${enter}`],
	[chinese.models.small, `mini${enter}`],
]

test('a first run', async () => {
	const opened = await open()
	await walk(opened, [
		[chinese.database.question, enter],
		[chinese.accessKey.question, enter],
		[chinese.upstream.question, '0000'],
		[chinese.prompts.search.noMatch, '\u0015URL'],
		...customSteps('main', `${first}, ${first}`).slice(1),
		['Claude Code', enter],
		[chinese.finish.start, `${down}${enter}`],
		['完成。', ''],
	])
	expect(await opened.ended()).toBe(0)
	const screen = opened.screen()
	expect(screen).toContain(chinese.commands?.added('main'))
	// An access key that was made up is letters, too.
	const shown = screen.slice(0, screen.indexOf(chinese.accessKey.shown))
	expect(listEnglish(shown)).toEqual([])
})

const field = (place: number, typed: string): Step[] => [
	[menu, `${down}${enter}`],
	[chinese.menu.field, `${down.repeat(place)}${enter}`],
	['◆', typed],
]
const keyAction = (place: number): Step[] => [
	[menu, `${down.repeat(2)}${enter}`],
	[chinese.menu.keyActions.list, `${down.repeat(place)}${enter}`],
]

describe('afterwards the menu', () => {
	test('changes things', async () => {
		const opened = await open()
		const { commands } = chinese
		await walk(opened, [
			...field(3, `说明${enter}`),
			[commands?.changed('main') ?? '', ''],
			...field(1, `\u0015none${enter}`),
			[chinese.upstream.wrong.baseUrl(''), leave],
			[chinese.cancelled.back, ''],
			...keyAction(1),
			[chinese.keys.question('main'), `${first}${enter}${second}${enter}${enter}`],
			[commands?.addedKeys('main') ?? '', ''],
			...keyAction(3),
			[chinese.menu.whichKey, `${down}${enter}`],
			[commands?.keys.pause('') ?? '', ''],
			...keyAction(4),
			[chinese.menu.whichKey, `${down}${enter}`],
			[commands?.keys.resume('') ?? '', ''],
			...keyAction(5),
			[chinese.menu.whichKey, `${down}${enter}`],
			['已移到最前', ''],
			...keyAction(6),
			[commands?.cleared ?? '', ''],
			...keyAction(7),
			[chinese.menu.whichKey, `${down}${enter}`],
			[commands?.keys.remove('') ?? '', ''],
			[menu, enter],
			...customSteps('other', second),
			[chinese.menu.useNow('other'), enter],
			[commands?.used('other') ?? '', ''],
			[menu, `${down.repeat(3)}${enter}`],
			[chinese.menu.which, enter],
			[commands?.used('main') ?? '', ''],
			[menu, `${down.repeat(4)}${enter}`],
			[chinese.menu.strategy, `${down}${enter}`],
			[commands?.strategy('round-robin') ?? '', ''],
			[menu, `${down.repeat(8)}${enter}`],
			[menu, `${down}${enter}`],
			[chinese.menu.which, `${down}${enter}`],
			[chinese.menu.field, `${down.repeat(11)}${enter}`],
			[commands?.removeIt('other', 1) ?? '', 'n'],
			[chinese.cancelled.back, ''],
			[menu, `${down}${enter}`],
			[chinese.menu.which, `${down}${enter}`],
			[chinese.menu.field, `${down.repeat(11)}${enter}`],
			[commands?.removeIt('other', 1) ?? '', 'y'],
			[commands?.removed('other') ?? '', ''],
			[menu, `${down.repeat(11)}${enter}`],
			[chinese.menu.bye, ''],
		])
		expect(await opened.ended()).toBe(0)
		expect(listEnglish(opened.screen(), ['none'])).toEqual([])
	})

	test('asks in Chinese before it restores, and is left in Chinese', async () => {
		const opened = await open()
		await walk(opened, [
			[menu, `${down.repeat(7)}${enter}`],
			[chinese.menu.revisions, `${down.repeat(4)}${enter}`],
			['恢复到版本', leave],
			[chinese.cancelled.back, ''],
			[menu, interrupt],
			[chinese.cancelled.nothing, ''],
		])
		expect(await opened.ended()).toBe(130)
	})
})

describe('what goes wrong', () => {
	test('an upstream that is not there, and a database that does not answer', async () => {
		const empty = mkdtempSync(join(tmpdir(), 'claude-proxy-empty-'))
		try {
			terminal = await openTerminal({
				...{ folder: empty, home, columns: 120 },
				variables: { LC_ALL: 'zh_CN.UTF-8' },
			})
			await walk(terminal, [
				[chinese.database.question, `${down}${enter}`],
				[chinese.database.url, `mysql${enter}`],
				[chinese.database.wrongUrl, `\u0015http://127.0.0.1:9${enter}`],
				[chinese.database.token, enter],
				[chinese.database.problem('unreachable', ''), leave],
				[chinese.cancelled.skipped(['']).slice(0, 8), ''],
			])
			expect(await terminal.ended()).toBe(130)
			expect(listEnglish(terminal.screen(), ['mysql'])).toEqual([])
		} finally {
			rmSync(empty, { recursive: true, force: true })
		}
	})
})
