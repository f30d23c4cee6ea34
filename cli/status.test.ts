import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RequestRecord } from '../core/ports.ts'
import { createRequestLog, readPulse } from '../db/index.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { failFirstKey, withDatabase } from './test-support/fail-key.ts'
import { measureWidth } from './ui/text-width.ts'

let folder: CliFolder
beforeEach(async () => {
	folder = createCliFolder()
	await folder.run(
		'add',
		'月之暗面',
		'claude',
		'https://api.moonshot.cn/anthropic',
		'--key',
		'sk-a-0123456789-aaaa',
	)
	await folder.run('add', 'openai-main', 'openai', 'https://api.openai.com', '--key', 'sk-b-0123456789-bbbb')
})
afterEach(() => folder.remove())

const at = (columns: number | undefined) => folder.runWith({ columns }, 'status')

/** Requests as the proxy records them. */
async function record(...requests: Partial<RequestRecord>[]): Promise<void> {
	const [upstream] = (await folder.data('list')).upstreams
	await withDatabase(async database => {
		const log = createRequestLog({ database })
		for (const [index, request] of requests.entries()) {
			log.record({
				...{ id: `req_${index}`, at: Date.now() - 1000 * index, upstreamId: upstream!.id, upstreamName: 'x' },
				...{
					keyId: undefined,
					keyMask: undefined,
					model: 'm',
					upstreamModel: 'm',
					stream: true,
					status: 200,
				},
				...{ outcome: 'ok', errorMessage: '', stopReason: undefined, usage: undefined, totalMs: 900 },
				...{ attempts: [], notes: [], userAgent: '', sessionId: '', firstContentMs: undefined },
				...request,
			} as RequestRecord)
		}
		await log.flush()
	})
}

describe('status', () => {
	test('says how to begin where there is nothing', async () => {
		await folder.run('remove', '0', '--yes')
		await folder.run('remove', '0', '--yes')
		expect((await at(80)).stdout).toMatch(/no upstreams yet\nnext: npm run config -- add/)
	})

	test('tells of latency, share of good answers and the last error', async () => {
		await record(
			{ firstContentMs: 400 },
			{ firstContentMs: 412 },
			{ firstContentMs: 90_000, outcome: 'cancelled', status: 499 },
			{ outcome: 'quota', status: 402, errorMessage: 'no credit' },
		)
		const { stdout } = await at(undefined)
		expect(stdout).toMatch(/^0 {2}月之暗面 ● +claude +1 +current +412 ms +4 +66\.6% +quota 402, 0:0\d ago$/m)
		const data = await folder.data('status')
		expect(data.upstreams[0]).toMatchObject({
			...{ current: true, state: 'current', latencyMs: 412, day: { requests: 4, failed: 1 } },
			lastError: { requestId: 'req_3', outcome: 'quota', message: 'no credit' },
		})
	})

	test('tells of keys that cool', async () => {
		await failFirstKey()
		const { stdout } = await at(undefined)
		expect(stdout).toMatch(/^0 {2}月之暗面 ● +claude +1 \(1 cooling\) +cooling 5:00/m)
		expect(stdout).toMatch(/^strategy failover · db file:.* \d+ ms · 1 key cooling$/m)
	})

	test.each([60, 80, 120])('fits into %i columns, Chinese names aligned', async columns => {
		await failFirstKey()
		await record({ firstContentMs: 400 }, { outcome: 'rate_limit', status: 429, errorMessage: 'slow down' })
		const [head = '', ...rows] = (await at(columns)).stdout.split('\n').slice(0, 3)
		for (const line of [head, ...rows]) expect(measureWidth(line)).toBeLessThanOrEqual(columns)
		const column = measureWidth(head.slice(0, head.indexOf('STATE')))
		const [first = '', second = ''] = rows
		expect(measureWidth(first.slice(0, first.indexOf('cooling 5')))).toBe(column)
		expect(measureWidth(second.slice(0, second.indexOf('ready')))).toBe(column)
		const heads = head.split(/ {2,}/)
		expect(heads).toEqual(expect.arrayContaining(['UPSTREAM', 'KEYS', 'STATE']))
		expect(heads.includes('LAST ERROR')).toBe(columns >= 80)
		expect(heads.includes('TYPE')).toBe(columns === 120)
	})

	test('watches until it is interrupted', async () => {
		let interrupt = () => {}
		let seen = 0
		const lines: string[] = []
		const ended = await folder.runWith(
			{
				onInterrupt(run) {
					interrupt = run
					return () => {}
				},
				write(text) {
					lines.push(text)
					if (++seen === 2) interrupt()
				},
			},
			...['status', '--watch', '--interval', '0.2', '--json'],
		)
		expect(ended.code).toBe(130)
		expect(lines.map(line => JSON.parse(line).data.upstreams.length)).toEqual([2, 2])
	})

	test.each([
		[['status', 'x'], /takes nothing/],
		[['status', '--interval', '3'], /goes with --watch/],
		[['status', '--watch', '--interval', 'soon'], /from 0\.2 to 3600/],
	])('refuses %j', async (argv, problem) => {
		expect(await folder.run(...argv)).toMatchObject({ code: 2, stderr: expect.stringMatching(problem) })
	})
})

test('the pulse is a median, of good answers only', async () => {
	await record(
		{ firstContentMs: 10 },
		{ firstContentMs: 1000 },
		{ totalMs: 30 },
		{ outcome: 'server', status: 500 },
	)
	const pulses = await withDatabase(readPulse)
	expect(pulses).toMatchObject([{ latencyMs: 30, lastError: { status: 500 } }])
})
