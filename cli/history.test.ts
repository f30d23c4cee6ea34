import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Change, createConfigStore, createKeyRing, type Revision } from '../db/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'

const first = 'sk-first-0123456789-aaaa'
const second = 'sk-second-0123456789-bbbb'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run(
		'add',
		'kimi',
		'claude',
		'https://me:url-secret@a.example',
		'--key',
		first,
		'--key',
		second,
	)
	await folder.run('add', 'spare', 'openai', 'https://b.example')
	await folder.run('use', 'spare')
})
afterEach(() => folder.remove())

const json = async <Data>(...words: string[]) =>
	JSON.parse((await folder.run(...words, '--json')).stdout) as { ok: boolean; data: Data; error: Conflict }

interface Conflict {
	code: string
	expectedRevision: number
	currentRevision: number
	theirs: Change[]
	wanted: Change[]
}

describe('history', () => {
	test('lists what was changed, newest first, and tells where older changes are', async () => {
		const { stdout } = await folder.run('history')
		const rows = stdout.split('\n')
		expect(rows[0]).toMatch(/^# {2}WHEN +BY +WHAT$/)
		expect(rows[1]).toMatch(/^3 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}cli {2}Made spare the current upstream$/)
		expect(rows).toHaveLength(5)
		const page = await folder.run('history', 'list', '--limit', '1')
		expect(page.stdout).toMatch(/all 3 changes are kept; older ones: npm run config -- history --before 3\n$/)
		expect((await folder.run('history', '--before', '3')).stdout).toMatch(/\n2 .*\n1 .*\n$/)
		expect((await folder.run('history', '--before', '1')).stdout).toMatch(/no older change is kept/)
	})

	test('shows one change, and the configuration that it left', async () => {
		const { stdout } = await folder.run('history', 'show', '1')
		expect(stdout).toMatch(/^revision 1\n.* by cli: Added upstream kimi\n\nwhat it changed\n/)
		expect(stdout).toContain('  + upstream kimi (claude, https://••••@a.example)\n  + kimi: key sk-…aaaa\n')
		expect(stdout).toMatch(
			/ +kimi \(current\) +claude +2 +https:\/\/••••@a\.example\n +sk-…aaaa +key_\w{24}\n/,
		)
		expect(stdout).not.toMatch(/url-secret|0123456789/)
		const { data } = await json<{ revision: Revision; config: object }>('history', 'show', '1')
		expect(data).toMatchObject({ revision: { revision: 1 }, config: { upstreams: [{ name: 'kimi' }] } })
		expect(JSON.stringify(data)).not.toMatch(/url-secret|0123456789|"secret"/)
	})

	test('compares two revisions, or one with now', async () => {
		await folder.run(
			'update',
			'kimi',
			'--timeout',
			'30s',
			'--header',
			'x-team=blue',
			'--model-map',
			'opus=big',
		)
		await folder.run('key', 'kimi', 'pause', '0')
		await folder.run('remove', 'spare')
		const { stdout } = await folder.run('history', 'diff', '2')
		expect(stdout).toBe(
			[
				'from revision 2 to now: 2 added, 3 changed, 1 removed',
				'- upstream spare and its 0 keys',
				'+ kimi: model map opus: big',
				'+ kimi: header x-team: ••••',
				'~ kimi: timeout (ms): 0 -> 30000',
				'~ kimi: key sk-…aaaa paused',
				'~ current upstream: kimi -> none',
				'',
			].join('\n'),
		)
		expect((await folder.run('history', 'diff', '1', '1')).stdout).toBe(
			'revision 1 and revision 1 are alike\n',
		)
		const { data } = await json<{ changes: Change[] }>('history', 'diff', '2', '3')
		expect(data.changes).toMatchObject([{ kind: 'current-changed', fromName: 'kimi', toName: 'spare' }])
	})

	test.each([
		[['history', 'show', '9'], 3, /Revision 9 is not there/],
		[['history', 'restore', '9', '--yes'], 3, /Revision 9 is not there/],
		[['history', 'diff', '1', '9'], 3, /Revision 9 is not there/],
		[['history', 'pin', '9'], 3, /Revision 9 is not there/],
		[['history', 'show'], 2, /a revision's number is needed: history show/],
		[['history', 'restore', 'last', '--yes'], 2, /a revision's number is needed/],
		[['history', 'restor', '1'], 2, /is no action\nhint: did you mean restore\?/],
		[['history', 'restore', '1'], 2, /nothing was restored: add --yes/],
		[['history', 'purge', 'key_never', '--yes'], 3, /no such key/],
		[['history', 'purge', first], 2, /nothing was purged: add --yes/],
		[['history', 'message', '1', ''], 2, /a text is needed/],
		[['history', 'show', '1', '--revision', '1'], 2, /nothing is changed here/],
		[['use', 'kimi', '--revision', 'x'], 2, /--revision must be the number/],
	])('%j is refused', async (words, code, error) => {
		const ended = await folder.run(...words)
		expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(error) })
		expect(ended.stderr).not.toContain(first)
		expect(await folder.revision()).toBe(3)
	})
})

describe('history restore', () => {
	test('shows what it would change, and changes nothing in a dry run', async () => {
		const { code, stdout } = await folder.run('history', 'restore', '1', '--dry-run')
		expect({ code, stdout }).toEqual({
			code: 0,
			stdout: [
				'restoring revision 1 would change: 1 changed, 1 removed',
				'- upstream spare and its 0 keys',
				'~ current upstream: spare -> kimi',
				'',
			].join('\n'),
		})
		expect(await folder.revision()).toBe(3)
	})

	test('asks in a terminal after showing it, and takes no for an answer', async () => {
		const asked: string[] = []
		const answer = (yes: boolean) => async (question: string) => {
			asked.push(question)
			return yes
		}
		const words = ['history', 'restore', '1']
		const no = await folder.runWith({ interactive: true, confirm: answer(false) }, ...words)
		expect(no).toMatchObject({
			code: 130,
			stderr: expect.stringMatching(/- upstream spare.*nothing was restored/s),
		})
		expect(await folder.revision()).toBe(3)
		const yes = await folder.runWith({ interactive: true, confirm: answer(true) }, ...words)
		expect(yes.stdout).toMatch(/^restored revision 1 as revision 4: .*\n- upstream spare and/)
		expect(yes.stdout).toMatch(/undo: npm run config -- history restore 3\n$/)
		expect(asked).toEqual(['Restore revision 1?', 'Restore revision 1?'])
	})

	test('is a conflict when somebody changed something while the question stood', async () => {
		const confirm = async () => {
			await folder.run('balance', 'random')
			return true
		}
		const ended = await folder.runWith({ interactive: true, confirm }, 'history', 'restore', '1')
		expect(ended).toMatchObject({ code: 4, stdout: '' })
		expect(ended.stderr).toMatch(
			/you wanted\n {2}- upstream spare.*since revision 3\n {2}~ strategy: failover -> random\n/s,
		)
	})

	test('with --yes brings it back, and says so to programs', async () => {
		await folder.run('key', 'kimi', 'remove', '0')
		await folder.run('remove', 'kimi')
		const { data } = await json<{ revision: number; changes: Change[] }>('history', 'restore', '2', '--yes')
		expect(data).toMatchObject({ restoredFrom: 2, revision: 6, warnings: [] })
		expect(data.changes[0]).toMatchObject({ kind: 'upstream-added', name: 'kimi' })
		expect((await folder.data('key', 'kimi', 'list')).keys.map(({ mask }) => mask)).toEqual([
			'sk-…aaaa',
			'sk-…bbbb',
		])
		const again = await folder.run('history', 'restore', '2', '--yes')
		expect(again.stdout).toBe('revision 2 is what the configuration is now\n')
		expect(await folder.revision()).toBe(6)
	})
})

describe('history pin, unpin and message', () => {
	test('mark revisions', async () => {
		expect((await folder.run('history', 'pin', '1')).stdout).toMatch(
			/^pinned revision 1\nAdded upstream kimi\nit is kept/,
		)
		await folder.run('history', 'message', '1', 'before', 'the move')
		expect((await folder.run('history')).stdout).toMatch(/\n1 +\S+ \S+ +cli +pinned +before the move\n$/)
		const { data } = await json<{ revision: Revision }>('history', 'unpin', '1')
		expect(data.revision).toMatchObject({ pinned: false, message: 'before the move' })
	})
})

describe('purge', () => {
	test('takes a key of an upstream out of everything', async () => {
		const { stdout } = await folder.run('key', 'kimi', 'purge', '0', '--yes')
		expect(stdout).toBe(
			[
				'purged sk-…aaaa (revision 4)',
				'kimi: taken out of use, and out of 3 revisions',
				'the database file was rewritten: no trace of it is left there',
				'next, revoke it where it was made: whoever has a copy can still use it',
				'',
			].join('\n'),
		)
		const restored = await folder.run('history', 'restore', '3', '--yes')
		expect(restored.stdout).not.toContain('+ kimi: key')
		expect((await folder.data('key', 'kimi', 'list')).keys).toHaveLength(1)
	})

	test('finds a key that was removed by its id, or by itself', async () => {
		const { id } = (await folder.data('key', 'kimi', 'list')).keys[0]!
		await folder.run('remove', 'kimi')
		const { data } = await json<{ places: object[] }>('history', 'purge', id, '--yes')
		expect(data.places).toMatchObject([{ keyId: id, upstreamName: 'kimi', wasInUse: false, revisions: 3 }])
		expect((await folder.run('history', 'purge', second, '--yes')).stdout).toMatch(/^purged sk-…bbbb/)
		expect((await folder.run('history', 'purge', second, '--yes')).stdout).toMatch(/^it was purged before/)
		expect((await folder.run('history', 'show', '1')).stdout).toMatch(/sk-…aaaa purged +key_/)
		expect(readFileSync(join(folder.path, 'data/claude-proxy.db')).includes('"purged_at"')).toBe(true)
	})
})

describe('changes on terms', () => {
	test('are refused with both sides when the configuration is at another revision', async () => {
		await folder.run('update', 'kimi', '--description', 'theirs')
		const ended = await folder.run('update', 'kimi', '--description', 'mine', '--revision', '3')
		expect(ended).toMatchObject({ code: 4, stdout: '' })
		expect(ended.stderr).toBe(
			[
				'error: The configuration has changed since revision 3 (it is at 4): look at it again, then repeat the change.',
				'you wanted',
				'  ~ kimi: description: theirs -> mine',
				'since revision 3',
				'  ~ kimi: description: none -> theirs',
				'',
			].join('\n'),
		)
		const { ok, error } = await json('balance', 'random', '--revision', '3')
		expect({ ok, ...error }).toMatchObject({
			...{ ok: false, code: 'conflict', expectedRevision: 3, currentRevision: 4 },
			theirs: [{ kind: 'upstream-changed' }],
			wanted: [{ kind: 'strategy-changed', to: 'random' }],
		})
		expect(await folder.revision()).toBe(4)
	})

	test('are made at the revision that was meant, for every kind of change', async () => {
		const commands = [
			['key', 'kimi', 'pause', '0'],
			['map', 'kimi', 'set', 'opus', 'big'],
			['use', 'kimi'],
			['balance', 'random'],
			['add', 'third', 'openai', 'https://c.example'],
			['update', 'kimi', '--model-map', 'haiku=small'],
			['key', 'kimi', 'add', 'sk-third-0123456789-cccc'],
			['history', 'restore', '3', '--yes'],
			['remove', 'spare', '--yes'],
		]
		for (const [index, words] of commands.entries()) {
			const stale = await folder.run(...words, '--revision', String(2 + index))
			expect(stale, words.join(' ')).toMatchObject({
				code: 4,
				stderr: expect.stringMatching(/\nyou wanted\n/),
			})
			const made = await folder.run(
				...words,
				'--revision',
				String(3 + index),
				'--message',
				`because ${index}`,
			)
			expect(made, words.join(' ')).toMatchObject({ code: 0 })
		}
		const { data } = await json<{ revisions: Revision[] }>('history')
		expect(data.revisions.slice(0, 2)).toMatchObject([
			...[
				{ revision: 12, message: 'because 8' },
				{ restoredFrom: 3, message: 'because 7' },
			],
		])
	})
})

describe('key promote', () => {
	test('puts a demoted key back, and says when there is nothing to undo', async () => {
		const keys = async () => (await folder.data('key', 'kimi', 'list')).keys
		const [demoted, worked] = (await keys()).map(({ id }) => id) as [string, string]
		expect(await folder.run('key', 'kimi', 'promote', '0')).toMatchObject({
			...{ code: 3, stderr: expect.stringMatching(/sk-…aaaa was not demoted/) },
		})
		await withDatabase(async (database, encryptionKey) => {
			const store = createConfigStore({ database, keyRing: createKeyRing(encryptionKey) })
			const { upstreams } = await store.current()
			const reason = { failureClass: 'quota', status: 402, message: 'no credit' } as const
			store.demoted({
				...{ upstreamId: upstreams[0]!.id, workedId: worked },
				keys: [{ keyId: demoted, ...reason }],
			})
			await store.flush()
		})
		expect((await keys()).map(({ id }) => id)).toEqual([worked, demoted])
		expect((await folder.run('key', 'kimi', 'promote', '1')).stdout).toBe(
			'put back sk-…aaaa: it is number 0 of the keys of kimi\n',
		)
		expect((await keys()).map(({ id }) => id)).toEqual([demoted, worked])
		expect((await folder.run('key', 'kimi', 'promote', '0')).stdout).toMatch(
			/^sk-…aaaa stands where it stood/,
		)
		expect(await folder.revision()).toBe(3)
	})
})
