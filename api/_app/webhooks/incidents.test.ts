import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Snapshot } from '../../../core/config/snapshot.ts'
import {
	createKeyRing,
	createWebhooks,
	migrateDatabase,
	openDatabase,
	type WebhookTarget,
} from '../../../db/index.ts'
import { RecentTraffic } from '../metrics/recent-traffic.ts'
import type { WebhookMessage } from './deliver.ts'
import { Incidents } from './incidents.ts'

const closing: (() => void)[] = []
afterEach(() => {
	for (const close of closing.splice(0)) close()
})

/** Two instances over one database, which both see as away or not as the test says; and a clock that it moves. */
async function startTwo() {
	const folder = mkdtempSync(join(tmpdir(), 'claude-proxy-incidents-'))
	const database = await openDatabase({ url: `file:${folder}/test.db` })
	closing.push(() => {
		database.close()
		rmSync(folder, { recursive: true })
	})
	await migrateDatabase(database)
	const store = createWebhooks(database, createKeyRing('an encryption key for tests only'))
	await store.add({ name: 'pager', url: 'http://127.0.0.1:9/' })
	let now = 1_000_000
	const clock = { now: () => now, elapsed: () => now, after: () => () => {} }
	const health = { pending: 0, written: 0, dropped: 0, error: undefined }
	let error: string | undefined
	const config = {
		status: () => ({ ok: error === undefined, snapshotAgeMs: 0, health, ...(error && { error }) }),
		peek: (): Snapshot | undefined => undefined,
		healthOf: () => new Map(),
		now: () => now,
	}
	const sent: { type: string; id: string; data: object }[] = []
	const outbox = {
		send(_: WebhookTarget, { type, id, data }: WebhookMessage) {
			sent.push({ type, id, data })
		},
	}
	const create = () =>
		new Incidents({
			...{ store, config, outbox, clock, databaseLabel: 'file:test.db', errorRate: 50 },
			traffic: new RecentTraffic(clock),
			onError() {},
		})
	const both = [create(), create()]
	for (const each of both) each.look()
	await expect.poll(() => both.every(each => each.listening)).toBe(true)
	const look = (ms: number, wrong?: string) => {
		now += ms
		error = wrong
		for (const each of both) each.look()
	}
	return { sent, look, create }
}

test('a database that is away is told once per instance under one id, its return once for all', async () => {
	const { sent, look } = await startTwo()
	const wrong = 'The database does not answer.'
	look(0, wrong)
	look(5000, wrong)
	expect(sent).toEqual([])
	look(5000, wrong)
	look(60_000, wrong)
	expect(sent.map(({ type }) => type)).toEqual(['database-away', 'database-away'])
	expect(sent[0]).toMatchObject({ data: { database: 'file:test.db', error: wrong } })
	expect(sent[0]?.id).toBe(sent[1]?.id)
	look(1000)
	await expect.poll(() => sent.length).toBe(3)
	look(1000)
	expect(sent.slice(2)).toMatchObject([{ type: 'database-back' }])
})

test('a database that answers again within seconds is no news', async () => {
	const { sent, look } = await startTwo()
	look(0, 'away')
	look(4000)
	look(0, 'away')
	look(9000, 'away')
	look(1)
	expect(sent).toEqual([])
})

test('an instance that has only just begun tells of its first incident, once for all instances', async () => {
	const { sent, create } = await startTwo()
	const key = { keyId: 'key_1', status: 402, failureClass: 'quota', message: 'no quota' } as const
	const cold = [create(), create()]
	for (const each of cold) each.demoted({ upstreamId: 'up_1', keys: [key], workedId: 'key_2' })
	// A function is frozen after this: nothing may be left for later.
	await Promise.all(cold.map(each => each.flush()))
	expect(sent).toMatchObject([{ type: 'key-demoted', data: { keyId: 'key_1', class: 'quota' } }])
})
