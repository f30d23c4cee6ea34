import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttemptRecord, RequestRecord } from '../core/ports.ts'
import {
	createRequestLog,
	type Database,
	findRequests,
	type ListOptions,
	migrateDatabase,
	openDatabase,
	readUsage,
} from '../db/index.ts'

/**
 * What the request log costs, on a file: CPU per row while 100 000 are written, alone and by the hundred, and the time
 * of every list and chart that the admin asks for when they are there. `node bench/request-log.ts [rows]`
 */
const rows = Number(process.argv[2] ?? 100_000)
const hour = 3_600_000

const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-bench-'))
const file = join(folder, 'log.db')
const database = await openDatabase({ url: `file:${file}` })
try {
	await migrateDatabase(database)
	await measureWrites(database)
	await measureReads(database)
} finally {
	database.close()
	await rm(folder, { recursive: true, force: true })
}

/** Spread over two days, like requests of a small team: some fail, some are tried twice, some carry notes. */
function createRecord(place: number): RequestRecord {
	const failed = place % 50 === 0
	const attempt: AttemptRecord = {
		...{
			upstreamId: `up_${Math.floor((place * 3) / rows)}`,
			keyId: `key_${place % 5}`,
			keyMask: 'sk-…9f2a',
			status: failed ? 500 : 200,
		},
		...{ outcome: failed ? 'server' : 'ok', decision: failed ? 'gave up' : 'answered' },
		...{
			message: failed ? 'the upstream is down' : '',
			ms: 5000 + (place % 997),
			startMs: 1,
			firstByteMs: 400,
		},
	}
	// What is written together came together.
	const burst = place - (place % 200)
	const at = Date.now() - 48 * hour + Math.floor((burst * 48 * hour) / rows) + (place % 200)
	return {
		id: `req_${at.toString(16).padStart(12, '0')}${String(place).padStart(20, '0')}`,
		...{
			at,
			upstreamId: attempt.upstreamId,
			upstreamName: '月之暗面',
			keyId: attempt.keyId,
			keyMask: 'sk-…9f2a',
		},
		...{ model: 'claude-sonnet-4-5-20250929', upstreamModel: `kimi-k${place % 2}`, stream: place % 9 !== 0 },
		...{
			status: attempt.status,
			outcome: attempt.outcome,
			errorMessage: attempt.message,
			stopReason: 'tool_use',
		},
		usage: { input_tokens: 1200 + (place % 7), output_tokens: 300, cache_read_input_tokens: 15_000 },
		...{
			firstContentMs: 300 + (place % 601),
			totalMs: attempt.ms,
			toolCalls: place % 3,
			bytesIn: 120_000,
			bytesOut: 9000,
		},
		attempts: place % 100 === 0 ? [attempt, attempt] : [attempt],
		notes:
			place % 10 === 0
				? [{ field: 'top_k', action: 'dropped', detail: 'the upstream does not know it' }]
				: [],
		...{ userAgent: 'claude-cli/2.1.5 (external, cli)', sessionId: 'de5be5d2-2b9b-4f0c-8dd4-6e2a4f0d8f0e' },
		...{ answeredModel: `kimi-k${place % 2}`, queueMs: 0 },
	}
}

async function measureWrites(database: Database): Promise<void> {
	const log = createRequestLog({ database, delayMs: 60_000 })
	const single = 300
	let place = 0
	const write = async (count: number, atOnce: number) => {
		let cpu = 0
		for (let done = 0; done < count; done += atOnce) {
			const records = Array.from({ length: atOnce }, () => createRecord(place++))
			const before = process.cpuUsage()
			for (const record of records) log.record(record)
			await log.flush()
			const { user, system } = process.cpuUsage(before)
			cpu += user + system
		}
		return cpu / count
	}
	await write(2000, 200)
	const byHundreds = await write(rows - 2000 - single, 200)
	const alone = await write(single, 1)
	const { size } = await stat(file)
	console.log(`write, 200 at once  ${byHundreds.toFixed(1).padStart(7)} µs CPU per row`)
	console.log(`write, one by one   ${alone.toFixed(1).padStart(7)} µs CPU per row`)
	console.log(
		`file                ${Math.round(size / rows)
			.toString()
			.padStart(7)} bytes per row\n`,
	)
}

async function measureReads(database: Database): Promise<void> {
	const now = Date.now()
	const lists: Record<string, ListOptions> = {
		'newest 100': { limit: 100 },
		failed: { outcome: 'failed' },
		'a class that never was': { class: 'moderation' },
		'an upstream that never was': { upstream: 'up_9' },
		'a model that never was': { model: 'gpt-9' },
		'a key': { key: 'key_3' },
		'a key that never was': { key: 'key_9' },
		'slower than ever': { minMs: 999_999 },
		'with notes, in one piece, retried': { notes: true, stream: false, retried: true },
		'a text that is nowhere': { text: 'nowhere at all' },
		'a text that is everywhere': { text: '月之暗面' },
		'an hour, a day ago': { from: now - 25 * hour, to: now - 24 * hour },
		'all filters, none fits': {
			...{ outcome: 'failed', class: 'auth', model: 'x', minMs: 1, text: 'y', notes: true, retried: true },
			...{ from: now - 48 * hour, to: now },
		},
	}
	for (const [name, options] of Object.entries(lists)) {
		await time(`list: ${name}`, () => findRequests(database, { limit: 100, ...options }))
	}
	for (const [name, hours, minutes] of [
		['2 h by the minute', 2, 1],
		['48 h by quarters', 48, 15],
		['14 d by the hour', 14 * 24, 60],
		['400 d by the day', 400 * 24, 1440],
	] as const) {
		const range = { from: now - hours * hour, to: now + hour, bucketMs: minutes * 60_000 }
		const before = { ...range, from: range.from - hours * hour, to: range.from }
		await time(`usage: ${name}`, () => readUsage(database, range, { before }))
	}
}

/** The best of some: what else the computer does is not the log's. CPU time is what remains of it on a busy one. */
async function time(name: string, run: () => Promise<unknown>): Promise<void> {
	let [best, leastCpu] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
	for (let round = 0; round < 7; round++) {
		const started = performance.now()
		const cpu = process.cpuUsage()
		await run()
		const { user, system } = process.cpuUsage(cpu)
		best = Math.min(best, performance.now() - started)
		leastCpu = Math.min(leastCpu, (user + system) / 1000)
	}
	console.log(
		`${name.padEnd(42)} ${best.toFixed(1).padStart(7)} ms ${leastCpu.toFixed(1).padStart(7)} ms CPU`,
	)
}
