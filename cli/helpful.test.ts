import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from '../test/support/upstreams/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

/** Whoever went wrong, or finds nothing yet, is told what to do next. */
const key = 'sk-local-0123456789-cccc'
let folder: CliFolder
let upstream: ScriptedUpstream
beforeAll(async () => {
	folder = createCliFolder({ PORT: '9' })
	upstream = await startOpenAiUpstream({ keys: [key], models: ['gpt-5-mini'] })
	await folder.run('add', 'local', 'openai', `${upstream.url}/v1`, '--key', key)
	await folder.run('add', 'bare', 'claude', 'https://api.example.com')
	await folder.run('add', 'wrong', 'openai', `${upstream.url}/v1`, '--key', 'sk-wrong-0123456789-dddd')
})
afterAll(async () => {
	folder.remove()
	await upstream.close()
})

describe('nothing is there yet', () => {
	test.each([
		[['logs'], 'no requests yet\nnext, ask something: npm run config -- prompt hello\n'],
		[['logs', '--status', 'error'], 'no request fits\n'],
		[
			['usage', '--since', '1d'],
			/^no requests from .+\na longer time: npm run config -- usage --since 30d\n$/,
		],
		[
			['webhook'],
			"nobody is told of incidents\nnext: npm run config -- webhook add '<name>' '<url>'\n".replaceAll(
				"'",
				'',
			),
		],
	])('%j', async (argv, lines) => {
		const { code, stdout } = await folder.run(...argv)
		expect(code).toBe(0)
		if (typeof lines === 'string') expect(stdout).toBe(lines)
		else expect(stdout).toMatch(lines)
	})
})

describe('an error tells what to do', () => {
	test.each([
		[
			['add'],
			/^hint: or a service by name: add <name> --preset <preset>; npm run config -- presets lists them$/m,
		],
		[['add', 'x', 'openai'], /^hint: types: claude, /m],
		[['use'], /^hint: npm run config -- list shows them$/m],
		[['remove'], /^hint: npm run config -- list shows them$/m],
		[['map', 'local', 'remove', 'opus'], /^hint: it has none: npm run config -- map local set <from> <to>$/m],
		[
			['forget', 'local', 'gpt-5-mini'],
			/^hint: npm run config -- show local --verbose shows what was learned$/m,
		],
		[
			['settings', 'set', 'recording.mode', 'sometimes'],
			/^error: recording\.mode: must be one of off, errors, all$/m,
		],
		[
			['settings', 'set', 'retention.requestDays', '99999'],
			/^error: retention\.requestDays: must be at most 3650$/m,
		],
		[
			['settings', 'set', 'retention.requestDays', 'long'],
			/^error: retention\.requestDays: must be a number$/m,
		],
		[
			['webhook', 'add', 'a', 'https://a.example', '--event', 'b'],
			/^error: events: must be one of keys-cooling, /m,
		],
		[['convert', 'nowhere.json', '--to', 'openai'], /^error: there is no file nowhere\.json$/m],
		[['convert', '.', '--to', 'openai'], /^error: \. is a folder$/m],
		[['import', 'nowhere/config.json'], /^error: there is no file or folder nowhere\/config\.json$/m],
		[['models', 'bare'], /^hint: give it a key: npm run config -- key bare add <key>$/m],
		[
			['prompt', 'hi'],
			/^hint: name a model that it has: --model <model>; npm run config -- models local lists them$/m,
		],
		[['prompt', 'hi', '--upstream', 'wrong'], /^hint: look at its keys: npm run config -- key wrong list$/m],
		[['prompt', 'hi', '--upstream', 'bare'], /^hint: give it a key: npm run config -- key bare add <key>$/m],
	] as const)('%j', async (argv, hint) => {
		const { code, stderr } = await folder.run(...argv)
		expect(code).not.toBe(0)
		expect(stderr).toMatch(hint)
	})
})

describe('a test that fails tells what to do', () => {
	test.each([
		['bare', 'bare the upstream has no key\n→ npm run config -- key bare add <key>\n'],
		['wrong', '→ npm run config -- key wrong list\n'],
	])('%s', async (name, lines) => {
		const { code, stdout } = await folder.run('test', name)
		expect(code).toBe(7)
		expect(stdout).toContain(lines)
	})
})

test('an upstream without keys is removed without counting them', async () => {
	await folder.run('add', 'spare', 'claude', 'https://api.example.com')
	let asked = ''
	const confirm = async (question: string) => {
		asked = question
		return true
	}
	const { stdout } = await folder.runWith({ interactive: true, confirm }, 'remove', 'spare')
	expect(asked).toBe('Remove spare, which has no keys?')
	expect(stdout).toMatch(/^removed spare\n/)
})

describe('whoever waits for long', () => {
	test.each([
		['en', 'asking slow …\n'],
		['zh', '正在询问 slow……\n'],
	] as const)('is told what for, in a terminal: %s', async (language, text) => {
		const slow = await startOpenAiUpstream({ keys: [key], models: ['gpt-5-mini'] })
		await folder.run('add', 'slow', 'openai', `${slow.url}/v1`, '--key', key)
		const answers = slow.gate()
		slow.script({ text: 'hi', gate: answers })
		let told = ''
		const writeError = (more: string) => {
			told += more
			answers.open()
		}
		const { code } = await folder.runWith({ columns: 80, writeError, language }, 'test', 'slow')
		expect({ code, told }).toEqual({ code: 0, told: text })
		await folder.run('remove', 'slow')
		await slow.close()
	})
})
