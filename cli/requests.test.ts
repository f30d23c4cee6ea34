import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RequestRecord } from '../core/ports.ts'
import { createRequestLog, migrateDatabase, openDatabase } from '../db/index.ts'
import { requestRecord } from '../db/test-support/samples.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { measureWidth } from './ui/text-width.ts'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run(
		'add',
		'月之暗面',
		'openai',
		'https://api.example.com/v1',
		'--key',
		'sk-first-key-0123456789',
	)
})
afterEach(() => folder.remove())

/** As the proxy writes them. */
async function fill(records: RequestRecord[]) {
	const database = await openDatabase({ url: `file:${folder.path}/data/claude-proxy.db` })
	await migrateDatabase(database)
	const log = createRequestLog({ database, delayMs: 60_000 })
	for (const record of records) log.record(record)
	await log.flush()
	database.close()
}

const upstreamId = async () => (await folder.data('list')).upstreams[0]?.id ?? ''
const now = Date.now()

async function fillSome() {
	const up = await upstreamId()
	await fill([
		requestRecord('req_old', { at: now - 3 * 3_600_000 }),
		requestRecord('req_good', {
			...{
				at: now - 60_000,
				upstreamId: up,
				upstreamName: '月之暗面',
				upstreamModel: 'gpt-4o',
				toolCalls: 2,
			},
			usage: { input_tokens: 1000, output_tokens: 500, cache_read_input_tokens: 9000 },
			notes: [{ field: 'top_k', action: 'dropped', detail: 'the upstream does not know it' }],
		}),
		requestRecord('req_failed', {
			...{
				at: now - 30_000,
				outcome: 'quota',
				status: 402,
				errorMessage: '余额不足\u001b[31m',
				totalMs: 4000,
			},
			...{ usage: undefined, userAgent: 'claude-cli/2.1.5' },
			attempts: [
				{
					...{ upstreamId: 'up_1', keyId: 'key_0', keyMask: 'sk-…zzzz', status: 429, outcome: 'rate_limit' },
					...{ decision: 'next key', message: 'slow down', ms: 1000, startMs: 2, firstByteMs: 900 },
				},
				{
					...{ upstreamId: 'up_1', keyId: 'key_1', keyMask: 'sk-…abcd', status: 402, outcome: 'quota' },
					...{ decision: 'gave up', message: '余额不足', ms: 2900, startMs: 1010, firstByteMs: 2800 },
				},
			],
		}),
	])
}

describe('logs', () => {
	test('shows the latest requests in columns, newest last, whatever script their names are in', async () => {
		await fillSome()
		const { stdout } = await folder.run('logs')
		const [head = '', ...lines] = stdout.trimEnd().split('\n')
		expect(lines).toHaveLength(3)
		expect(lines[2]).toContain('402 quota')
		expect(lines[2]).toMatch(/2 attempts, 余额不足 \[31m$/)
		expect(lines[1]).toContain('2 tool calls, 1 note')
		const place = measureWidth(head.slice(0, head.indexOf('MODEL')))
		for (const [line, model] of [
			[lines[1], 'gpt-4o'],
			[lines[2], 'kimi-k2'],
		] as const) {
			expect(measureWidth(line?.slice(0, line.indexOf(model)) ?? '')).toBe(place)
		}
		const narrow = (await folder.runWith({ columns: 150 }, 'logs')).stdout.trimEnd().split('\n')
		expect(Math.max(...narrow.map(measureWidth))).toBeLessThanOrEqual(150)
		expect((await folder.run('logs', '--id')).stdout).toContain('req_failed')
	})

	test('narrows down, and refuses what it does not understand', async () => {
		await fillSome()
		const ids = async (...options: string[]) => {
			const { stdout } = await folder.run('logs', '--json', ...options)
			return JSON.parse(stdout).data.requests.map(({ id }: { id: string }) => id)
		}
		expect(await ids()).toEqual(['req_failed', 'req_good', 'req_old'])
		expect(await ids('--status', 'error')).toEqual(['req_failed'])
		expect(await ids('--status', 'quota')).toEqual(['req_failed'])
		expect(await ids('--status', 'ok', '--since', '1h')).toEqual(['req_good'])
		expect(await ids('--upstream', '月之')).toEqual(['req_good'])
		expect(await ids('--model', 'gpt-4o')).toEqual(['req_good'])
		expect(await ids('--text', '余额')).toEqual(['req_failed'])
		expect(await ids('--limit', '1')).toEqual(['req_failed'])
		for (const wrong of [['--status', 'broken'], ['--since', 'yesterday'], ['--limit', '0'], ['word']]) {
			expect([wrong, (await folder.run('logs', ...wrong)).code]).toEqual([wrong, 2])
		}
		expect((await folder.run('logs', '--text', 'nowhere')).stdout).toBe('no request fits\n')
	})

	test('follows what any process writes, each request once, until Ctrl-C', async () => {
		await fillSome()
		let text = ''
		let interrupt = () => {}
		const ended = folder.runWith(
			{
				write: more => {
					text += more
				},
				onInterrupt(run) {
					interrupt = run
					return () => {}
				},
			},
			...['logs', '-f', '--json', '--status', 'error'],
		)
		await expect.poll(() => text).toContain('req_failed')
		await fill([
			requestRecord('req_new', { at: now - 90_000, outcome: 'server', status: 500 }),
			requestRecord('req_fine', { at: now }),
		])
		await expect.poll(() => text).toContain('req_new')
		interrupt()
		expect((await ended).code).toBe(130)
		const ids = text
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line).data.id)
		expect(ids).toEqual(['req_failed', 'req_new'])
	})
})

describe('inspect', () => {
	test('tells what happened, attempt by attempt', async () => {
		await fillSome()
		const { stdout } = await folder.run('inspect', 'req_failed')
		expect(stdout).toContain('402 quota')
		expect(stdout).toContain('Claude Code: claude-cli/2.1.5')
		expect(stdout).toMatch(/1 {2}█{6}·{18} {2}1\.0 s {2}sk-…zzzz {2}429 rate_limit {2}next key {2}slow down/)
		expect(stdout).toMatch(/2 {2}·{6}█{17}· {2}2\.9 s {2}sk-…abcd {2}402 quota {7}gave up {3}余额不足/)
		expect(stdout).not.toContain('\u001b')
		expect((await folder.run('inspect', 'req_good')).stdout).toMatch(
			/Notes\ntop_k {2}dropped {2}the upstream/,
		)
	})

	test('takes the beginning of an id, when it is the beginning of one only', async () => {
		await fillSome()
		const data = JSON.parse((await folder.run('inspect', 'req_fail', '--json')).stdout).data
		expect(data.request).toMatchObject({ id: 'req_failed', class: 'quota', attempts: [{}, {}] })
		await fill([requestRecord('req_fail2')])
		expect(await folder.run('inspect', 'req_fail')).toMatchObject({ code: 3 })
		expect(await folder.run('inspect', 'req_nothing')).toMatchObject({ code: 3 })
		expect(await folder.run('inspect')).toMatchObject({ code: 2 })
	})
})

describe('usage', () => {
	test('adds up by model, upstream, key and time', async () => {
		await fillSome()
		const { stdout } = await folder.run('usage', '--since', '24h')
		expect(stdout).toContain('3 requests: 66.7 % went well, 1 failed, 0 cancelled')
		// 1000 in and 500 out of gpt-4o at 2.50 and 10 dollars, and 9000 from its cache at 1.25.
		expect(stdout).toMatch(/gpt-4o {3,}1 +0 +10\.5k {2}\$0\.0187/)
		expect(stdout).toContain('1 request is not in the cost')
		expect((await folder.run('usage', '--by', 'upstream')).stdout).toMatch(/月之暗面 +1 +0/)
		expect((await folder.run('usage', '--by', 'key')).stdout).toMatch(/sk-…abcd +3 +1/)
		expect((await folder.run('usage', '--by', 'time', '--since', '1h')).stdout).toMatch(/FIRST P50/)
		const data = JSON.parse((await folder.run('usage', '--json')).stdout).data
		expect(data.totals).toMatchObject({ requests: 3, unpriced: 1, costMicros: 18_750 })
	})

	test('is a table for spreadsheets, and says when there is nothing', async () => {
		expect((await folder.run('usage')).stdout).toMatch(/^no requests from /)
		await fillSome()
		const { stdout } = await folder.run('usage', '--csv', '--since', '2d')
		expect(stdout).toMatch(/^start,requests,ok,/)
		const rows = stdout.trimEnd().split('\n').slice(1)
		expect(rows.reduce((sum, row) => sum + Number(row.split(',')[1]), 0)).toBe(3)
		expect((await folder.run('usage', '--by', 'colour')).code).toBe(2)
	})
})
