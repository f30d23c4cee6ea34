import { expect, test } from 'vitest'
import type { RawRecording } from '../../core/recording/recorder.ts'
import {
	createKeyRing,
	createPayloadLog,
	type Database,
	generateEncryptionKey,
	joinRing,
	type PayloadLogOptions,
	rotateKeys,
} from '../index.ts'
import { keyRing } from '../test-support/samples.ts'
import { createServerTarget, describeTargets } from '../test-support/targets.ts'

function recording(requestId: string, text = 'a body'): RawRecording {
	const bytes = new TextEncoder().encode(text)
	return {
		...{ requestId, mode: 'all', maxBytes: 1024 * 1024, attempts: [], answer: undefined },
		request: {
			...{ method: 'POST', path: '/v1/messages', query: '', headers: {} },
			body: { bytes, length: bytes.length },
		},
	}
}

const createLog = (database: Database, more: Partial<PayloadLogOptions> = {}) =>
	createPayloadLog({
		...{ database, keyRing, keepDays: () => 7 },
		...{ secrets: () => ({ own: ['own-secret-0123'], upstreams: [] }), ...more },
	})

/** Text that does not compress. */
function noise(length: number): string {
	const characters = Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90)))
	return characters.join('')
}

const textOf = async (log: ReturnType<typeof createLog>, id: string) =>
	(await log.find(id))?.request.pieces.map(([, text]) => text).join('')

describeTargets('recorded bodies', target => {
	test('come back without what is secret, and are sealed where they lie', async () => {
		const database = await target.fresh()
		const log = createLog(database)
		log.keep(recording('req_1', 'the body has own-secret-0123 in it'))
		log.keep(recording('req_2', 'another'))
		await log.flush()
		expect(await textOf(log, 'req_1')).toBe('the body has •••• in it')
		expect(await textOf(log, 'req_2')).toBe('another')
		expect(await log.find('req_3')).toBeUndefined()
		expect(log.stats()).toMatchObject({ pending: 0, written: 2, dropped: 0, waitingBytes: 0 })
		const rows = await database.execute('SELECT bytes, sealed FROM payloads')
		for (const { bytes, sealed } of rows) {
			expect(sealed).toMatch(/^v1\.\w+\./)
			expect(bytes).toBe(String(sealed).length)
		}
		await database.execute("UPDATE payloads SET request_id = 'req_4' WHERE request_id = 'req_1'")
		expect(await log.find('req_4')).toBeUndefined()
	})

	test('can be read after ENCRYPTION_KEY was rotated', async () => {
		const database = await target.fresh()
		const [older, newer] = [generateEncryptionKey(), generateEncryptionKey()]
		const before = createLog(database, { keyRing: createKeyRing(older) })
		for (let index = 0; index < 25; index++) before.keep(recording(`req_${index}`, `body ${index}`))
		await before.flush()
		const foreign = createLog(database, { keyRing: createKeyRing(generateEncryptionKey()) })
		foreign.keep(recording('req_lost'))
		await foreign.flush()
		const report = await rotateKeys(database, createKeyRing(joinRing(newer, older)))
		expect(report.places.at(-1)).toEqual({ name: 'recorded bodies', found: 26, resealed: 25 })
		expect(report).toMatchObject({ lost: [], complete: true })
		const after = createLog(database, { keyRing: createKeyRing(newer) })
		expect(await textOf(after, 'req_24')).toBe('body 24')
		expect(await after.find('req_lost')).toBeUndefined()
	})

	test('are forgotten when their time is over', async () => {
		const database = await target.fresh()
		const log = createLog(database)
		log.keep(recording('req_1'))
		await log.flush()
		await database.execute('UPDATE payloads SET at = at - 8 * 86400000')
		expect(await log.find('req_1')).toBeUndefined()
		log.keep(recording('req_2'))
		await log.flush()
		expect(await database.execute('SELECT request_id FROM payloads')).toEqual([{ request_id: 'req_2' }])
	})

	test('take no more room than they may: the oldest go', async () => {
		const database = await target.fresh()
		const log = createLog(database, { maxStoredBytes: 100_000 })
		for (let index = 0; index < 12; index++) {
			log.keep(recording(`req_${index}`, noise(20_000)))
			await log.flush()
		}
		const [row] = await database.execute('SELECT sum(bytes) AS bytes, count(*) AS count FROM payloads')
		expect(row?.bytes).toBeLessThan(130_000)
		expect(row?.count).toBeGreaterThanOrEqual(3)
		expect(await log.find('req_11')).toBeDefined()
		expect(await log.find('req_0')).toBeUndefined()
	})
})

const target = createServerTarget()

test('memory is bounded while the database is away, and what is kept is written once it is back', async () => {
	const log = createLog(await target.fresh(), { maxWaitingBytes: 200_000, delayMs: 10 })
	await target.control({ fault: 'drop' })
	for (let index = 0; index < 50; index++) {
		log.keep(recording(`req_${index}`, noise(10_000)))
		expect(log.stats().waitingBytes).toBeLessThanOrEqual(200_000)
	}
	await log.flush()
	const away = log.stats()
	expect(away.waitingBytes).toBeLessThanOrEqual(200_000)
	expect(away.pending).toBeGreaterThan(5)
	expect(away.dropped).toBe(50 - away.pending)
	await target.control({ fault: null })
	await expect
		.poll(async () => {
			await log.flush()
			return log.stats()
		})
		.toMatchObject({ pending: 0, written: away.pending, waitingBytes: 0 })
	expect(await textOf(log, 'req_0')).toHaveLength(10_000)
})

test('what was written although the answer was lost is not written twice', async () => {
	const database = await target.fresh()
	const log = createLog(database, { delayMs: 10 })
	await target.control({ fault: 'dropAfter', faultScope: 'batches' })
	log.keep(recording('req_1'))
	await log.flush()
	await target.control({ fault: null })
	await log.flush()
	expect(await database.execute('SELECT request_id FROM payloads')).toEqual([{ request_id: 'req_1' }])
	expect(log.stats()).toMatchObject({ pending: 0, waitingBytes: 0 })
})
