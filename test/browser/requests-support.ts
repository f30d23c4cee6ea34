import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download } from 'playwright-core'
import type { RequestRecord } from '../../core/ports.ts'
import type { TestProxy } from '../support/proxy.ts'

/** How many the log takes before it has to write. */
const atOnce = 500

/** Puts requests into the log by the recorder that the proxy uses itself; the newest first, one second apart. */
export async function fillRequests(
	{ services }: TestProxy,
	count: number,
	describe: (place: number) => Partial<RequestRecord> = () => ({}),
	newest = Date.now(),
): Promise<void> {
	for (let place = count - 1; place >= 0; place--) {
		services.requestLog.record(createRecord(place, newest - place * 1000, describe(place)))
		if (place % atOnce === 0) await services.flush()
	}
}

function createRecord(place: number, at: number, change: Partial<RequestRecord>): RequestRecord {
	const record: RequestRecord = {
		id: `req_filled${String(place).padStart(6, '0')}`,
		at,
		upstreamId: 'upstream_filled',
		upstreamName: 'filled',
		keyId: 'key_filled',
		keyMask: 'sk-…9f2a',
		model: 'claude-sonnet-5',
		upstreamModel: 'kimi-k3',
		stream: true,
		status: 200,
		outcome: 'ok',
		errorMessage: '',
		stopReason: 'end_turn',
		usage: { input_tokens: 1000, output_tokens: 200, cache_read_input_tokens: 5000 },
		firstContentMs: 400,
		totalMs: 1900,
		attempts: [],
		notes: [],
		userAgent: 'test/1',
		sessionId: '',
		...change,
	}
	const outcome = record.outcome === 'refused' ? 'client' : record.outcome
	const attempt = {
		upstreamId: record.upstreamId ?? '',
		keyId: record.keyId ?? '',
		keyMask: record.keyMask ?? '',
		status: record.status,
		outcome,
		decision: outcome === 'ok' ? 'answered' : 'gave up',
		message: record.errorMessage,
		ms: record.totalMs,
	} as const
	return { ...record, attempts: record.attempts.length > 0 ? record.attempts : [attempt] }
}

/** What a page gave to the browser to keep. The browser is another process, so it is handed over as a file. */
export async function readDownload(download: Download): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-download-'))
	try {
		const file = join(folder, 'file')
		await download.saveAs(file)
		return await readFile(file, 'utf8')
	} finally {
		await rm(folder, { recursive: true, force: true })
	}
}

/** Where nobody listens: a port that was free a moment ago. Well-known ones may be taken on somebody's computer. */
export async function findClosedAddress(): Promise<string> {
	const server = createServer().listen(0, '127.0.0.1')
	await once(server, 'listening')
	const { port } = server.address() as AddressInfo
	server.close()
	await once(server, 'close')
	return `http://127.0.0.1:${port}`
}
