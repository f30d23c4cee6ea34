import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { failFirstKey, withDatabase } from './test-support/fail-key.ts'

const limit = { scope: 'big-model', failureClass: 'rate_limit', status: 429, message: 'slow down' } as const

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'kimi', 'claude', 'https://api.moonshot.cn/anthropic')
	await folder.run('key', 'kimi', 'add', 'sk-first-0123456789-aaaa', 'sk-second-0123456789-bbbb')
})
afterEach(() => folder.remove())

const run = (...words: string[]) => folder.run('key', 'kimi', ...words)
const readKeys = async () => (await folder.data('key', 'kimi', 'list')).keys

describe('key list', () => {
	test('shows what cools, for how long, after how many incidents, and why', async () => {
		await failFirstKey()
		await failFirstKey({ ...limit, baseMs: 60_000 })
		const [, first, model, second] = (await run('list')).stdout.split('\n')
		expect(first).toMatch(/^0 +sk-…aaaa +key_\w+ +cooling [45]:\d\d +1x +quota: no credit$/)
		expect(model).toMatch(/^ +for big-model +cooling (1:00|0:5\d) +1x +rate limit: slow down$/)
		expect(second).toMatch(/^1 +sk-…bbbb +key_\w+ +ready *$/)
	})

	test('shows a key whose cooldown is over as on trial', async () => {
		await failFirstKey()
		await withDatabase(database => database.execute('UPDATE key_states SET cooldown_until = last_fail_at'))
		expect((await run('list')).stdout).toMatch(/ready, on trial +1x +quota: no credit\n/)
		expect((await folder.run('show')).stdout).toContain('ready, on trial (quota: no credit)')
	})
})

describe('key history', () => {
	test('tells what happened, newest first, and why', async () => {
		await failFirstKey()
		await run('clear', '0')
		const [head, cleared, failed, end] = (await run('history', '0')).stdout.split('\n')
		expect(head).toMatch(/^WHEN +WHAT +WHY$/)
		expect(cleared).toMatch(/^\d{4}-\d\d-\d\d [\d:]{8} +cooldown cleared by cli +quota: no credit$/)
		expect(failed).toMatch(/^[\d: -]+failed, cooled 5:00 +quota: no credit$/)
		expect(end).toBe('')
		expect(await folder.data('key', 'kimi', 'history', 'sk-…aaaa', '--limit', '1')).toMatchObject({
			key: { mask: 'sk-…aaaa', state: 'ready' },
			events: [{ kind: 'cleared', author: 'cli', class: 'quota', status: 402, count: 1 }],
		})
	})

	test('says so when nothing has happened', async () => {
		expect((await run('history', '1')).stdout).toBe('nothing has happened to sk-…bbbb yet\n')
	})

	test.each([[[]], [['0', '1']], [['0', '--limit', 'many']]])('refuses %j', async words => {
		expect(await run('history', ...words)).toMatchObject({ code: 2, stdout: '' })
	})
})

describe('key clear', () => {
	test('ends the cooldowns of one key', async () => {
		await failFirstKey()
		await failFirstKey(limit)
		const ended = await run('clear', '0')
		expect(ended).toMatchObject({ code: 0, stdout: 'cleared sk-…aaaa (also for big-model)\n', stderr: '' })
		expect(await readKeys()).toMatchObject([{ state: 'ready' }, { state: 'ready' }])
		expect(await run('clear', '0')).toMatchObject({ code: 0, stdout: 'sk-…aaaa has nothing to clear\n' })
	})

	test('ends what holds for one model only', async () => {
		await failFirstKey()
		await failFirstKey(limit)
		expect((await run('clear', '0', '--model', 'big-model')).stdout).toBe('cleared sk-…aaaa for big-model\n')
		expect((await readKeys())[0]).toMatchObject({ state: 'cooling' })
	})

	test('ends those of all keys, and makes no revision', async () => {
		await failFirstKey()
		const before = await folder.revision()
		const cleared = await folder.data('key', 'kimi', 'clear', '--all')
		expect(cleared.keys).toMatchObject([
			{ mask: 'sk-…aaaa', cleared: [''] },
			{ mask: 'sk-…bbbb', cleared: [] },
		])
		expect(await folder.revision()).toBe(before)
		expect((await run('clear', '--all')).stdout).toBe('no key of kimi has anything to clear\n')
	})

	test.each([[[]], [['0', '1']], [['0', '--all']]])('refuses %j', async words => {
		expect(await run('clear', ...words)).toMatchObject({ code: 2, stdout: '' })
	})

	test('says so when there is no such key', async () => {
		expect(await run('clear', 'sk-none-0123456789')).toMatchObject({ code: 3 })
	})
})

describe('naming a key', () => {
	test('the beginning of one id or mask is enough, but not to remove it', async () => {
		const [first] = await readKeys()
		for (const word of [first!.id.slice(0, 16), 'sk-…a', 'sk-...a']) {
			expect(await run('pause', word)).toMatchObject({
				code: 0,
				stdout: expect.stringContaining('paused sk-…aaaa'),
			})
			expect((await run('resume', word)).stdout).toContain('resumed sk-…aaaa')
			expect(await run('remove', word)).toMatchObject({ code: 3 })
		}
		expect(await readKeys()).toHaveLength(2)
	})

	test('a beginning that several have is refused', async () => {
		const ended = await run('pause', 'sk-…')
		expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('several ids or masks of kimi') })
		expect(await run('pause', 'key_')).toMatchObject({ code: 3 })
	})
})
