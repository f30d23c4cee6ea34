import { setTimeout as pause } from 'node:timers/promises'
import { readReadiness } from '../../core/keys/readiness.ts'
import type { DemotedKey } from '../../core/ports.ts'
import {
	type ConfigRepository,
	type ConfigStore,
	createConfigRepository,
	createConfigStore,
	createKeyRing,
	createRequestLog,
	type Database,
	isDatabaseError,
	isOutage,
	type KeyRing,
	NoSnapshot,
	openDatabase,
	type RequestLog,
	rotateKeys,
} from '../index.ts'
import { type Edit, type MadeEdit, makeEditAs } from './edits.ts'
import { keyFailure, requestRecord } from './samples.ts'

/** What a worker has opened. */
export interface Opened {
	database: Database
	keyRing: KeyRing
	repository: ConfigRepository
	store: ConfigStore
	log: RequestLog
}

export interface OpenOptions {
	url: string
	authToken?: string
	encryptionKey: string
}

/** When a request began to try a key, and when the database had been told, by the wall clock. */
export interface Trial {
	began: number
	told: number
}

type Tell = (news: object) => void

export async function openAll(options: OpenOptions): Promise<Opened> {
	const { url, authToken = '', encryptionKey } = options
	const database = await openDatabase({ url, authToken })
	const keyRing = createKeyRing(encryptionKey)
	// No request waits in vain here: what a check says is what the test is about.
	const store = createConfigStore({ database, keyRing, waitMs: 20_000 })
	const log = createRequestLog({ database, delayMs: 0 })
	return { database, keyRing, repository: createConfigRepository(database, keyRing), store, log }
}

/** Again and again, until the database answers: its answers may be lost. */
async function insist<T>(run: () => Promise<T>): Promise<T> {
	for (let tries = 1; ; tries++) {
		try {
			return await run()
		} catch (error) {
			if (!(isOutage(error) || error instanceof NoSnapshot) || tries >= 50) throw error
			await pause(50)
		}
	}
}

const flushAll = async ({ store, log }: Opened) => {
	for (let tries = 0; tries < 10; tries++) {
		await Promise.all([store.flush(), log.flush()])
		if (store.status().health.pending + log.stats().pending === 0) return
	}
	throw new Error(`not written: ${store.status().error ?? log.stats().error}`)
}

/** The tasks of a worker process, by name. Arguments and answers travel as JSON. */
export const tasks = {
	/** Requests that fail together. */
	async fail(opened: Opened, { keyId, count, ageMs = 0 }: { keyId: string; count: number; ageMs?: number }) {
		await insist(async () => opened.store.current())
		for (let index = 0; index < count; index++) opened.store.failed(keyFailure(keyId, { ageMs }))
		await flushAll(opened)
		return opened.store.status().health
	},

	/** Failures and successes of new and old requests; answers with how many failures there were. */
	async mix(opened: Opened, { keyId, rounds, seed }: { keyId: string; rounds: number; seed: number }) {
		let failures = 0
		for (let round = 0; round < rounds; round++) {
			const ageMs = ((round * 7 + seed) % 5) * 100
			if ((round + seed) % 3 === 0) opened.store.succeeded({ keyId, scope: '', ageMs })
			else {
				opened.store.failed(keyFailure(keyId, { ageMs }))
				failures++
			}
			if (round % 4 === 0) await opened.store.flush()
		}
		await flushAll(opened)
		return failures
	},

	async demote(
		opened: Opened,
		demotion: { upstreamId: string; moves: { keys: DemotedKey[]; workedId: string }[] },
	) {
		for (const { keys, workedId } of demotion.moves) {
			opened.store.demoted({ upstreamId: demotion.upstreamId, keys, workedId })
			await opened.store.flush()
		}
		await flushAll(opened)
		return opened.store.status().health
	},

	/** Makes changes one after the other, each told as soon as it is acknowledged. */
	async edit({ repository }: Opened, { edits }: { edits: Edit[] }, tell: Tell): Promise<MadeEdit[]> {
		const made: MadeEdit[] = []
		for (const edit of edits) {
			const result = await makeEditAs(repository, edit, insist)
			made.push(result)
			tell(result)
		}
		return made
	},

	async purge({ repository }: Opened, { keyId }: { keyId: string }) {
		for (;;) {
			try {
				return await repository.purgeKey(keyId, { author: 'cli', message: 'purge' })
			} catch (error) {
				// Whether it was made nobody knows; to purge twice is harmless.
				if (!isDatabaseError(error, 'unreachable')) throw error
			}
		}
	},

	async rotate({ database }: Opened, { ring }: { ring: string }) {
		return insist(() => rotateKeys(database, createKeyRing(ring)))
	},

	/** Requests and failures, told once they are in the database; endless, for one that is killed. */
	async work(
		opened: Opened,
		{ name, keyId, rounds, perRound }: { name: string; keyId: string; rounds: number; perRound: number },
		tell: Tell,
	) {
		for (let round = 0; round < rounds; round++) {
			const ids = Array.from({ length: perRound }, (_, index) => `req_${name}_${round}_${index}`)
			for (const id of ids) opened.log.record(requestRecord(id))
			opened.store.failed(keyFailure(keyId))
			await flushAll(opened)
			tell({ ids, failures: 1 })
		}
		return opened.log.stats()
	},

	/** Requests come one after the other for a while; the first that may try the key holds it and learns nothing. */
	async tryKey(opened: Opened, { keyId, forMs }: { keyId: string; forMs: number }): Promise<Trial[]> {
		const trials: Trial[] = []
		const until = Date.now() + forMs
		while (Date.now() < until) {
			const began = Date.now()
			await insist(async () => opened.store.current())
			if (readReadiness(opened.store.healthOf(keyId), 'm', opened.store.now()) === 'due') {
				opened.store.startProbe({ keyId, scope: '' })
				await flushAll(opened)
				trials.push({ began, told: Date.now() })
			}
			await pause(5)
		}
		return trials
	},
} satisfies Record<string, (opened: Opened, argument: never, tell: Tell) => Promise<unknown>>

export type Tasks = typeof tasks
