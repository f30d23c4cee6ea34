import type { Snapshot } from '../../core/config/snapshot.ts'
import type { ConfigSource, KeyHealthSink, LearnedFacts } from '../../core/ports.ts'
import type { Database } from '../client.ts'
import { type DatabaseErrorCode, NoSnapshot, toDatabaseError } from '../errors.ts'
import { codeVersion } from '../migrate.ts'
import { loadConfig } from '../repositories/config-load.ts'
import { FACT_LIFETIME_MS } from '../repositories/learned-facts.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { createCircuit } from './circuit.ts'
import { createDatabaseClock } from './database-clock.ts'
import { createHealthLedger } from './health-news.ts'
import { lostContents, readHeartbeat } from './heartbeat.ts'
import { createKeyHealthSink } from './key-health-sink.ts'
import { type HealthNewsKind, SnapshotState } from './snapshot-state.ts'
import { type StoreClock, systemClock } from './system-clock.ts'
import type { WriteBehindStats } from './write-behind.ts'

export interface ConfigStoreOptions {
	database: Database
	keyRing: KeyRing
	clock?: StoreClock
	/** Age up to which the snapshot is fresh, and up to which it is served while a check runs, ms. */
	softMs?: number
	hardMs?: number
	/** Longest that a request waits for a check before it is served from what is at hand. */
	waitMs?: number
	/** Keeps a serverless function alive for work that outlasts the response (`waitUntil`). */
	defer?: (work: Promise<unknown>) => void
}

export interface ConfigStoreStatus {
	ok: boolean
	/** Why the latest check or write failed; no secret in it. */
	error?: string
	errorCode?: DatabaseErrorCode
	/** Of the tables, as last seen, and of this code. Undefined before the first look. */
	schema?: { version: number; codeVersion: number }
	/** Infinity when there is none. */
	snapshotAgeMs: number
	health: WriteBehindStats
}

export interface ConfigStore extends ConfigSource, KeyHealthSink {
	readonly learnedFacts: LearnedFacts
	/** What is at hand, however old; asks nobody. */
	peek(): Snapshot | undefined
	/** Reads the whole configuration now; rejects when the database is away. */
	refresh(): Promise<void>
	/** Waits until what was learnt about keys is written (shutdown, `waitUntil`). Never rejects. */
	flush(): Promise<void>
	status(): ConfigStoreStatus
}

/**
 * The configuration in memory. Nothing runs between requests: each request looks how old the snapshot is, and a check
 * (one read-only trip) makes every change visible within a second. While the database is away the last snapshot serves.
 */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
	const { database, clock = systemClock, softMs = 500, hardMs = 900, waitMs = 400 } = options
	const state = new SnapshotState(options.keyRing)
	const databaseClock = createDatabaseClock(clock)
	const circuit = createCircuit(clock)
	const ledger = createHealthLedger({ ...options, clock })
	/** When the question was sent whose answer the snapshot reflects. */
	let confirmed: { elapsed: number; wall: number } | undefined
	let healthText = ''
	let editId: string | undefined
	let schemaVersion: number | undefined
	let check: { startedAt: number; done: Promise<void> } | undefined

	/** A frozen serverless instance's monotonic clock may stand still: the wall clock tells then. */
	function ageMs(): number {
		if (confirmed === undefined) return Number.POSITIVE_INFINITY
		return Math.max(clock.elapsed() - confirmed.elapsed, clock.now() - confirmed.wall)
	}

	async function readDatabase(force: boolean): Promise<void> {
		const sent = { elapsed: clock.elapsed(), wall: clock.now() }
		const known = state.snapshot
		const first = known === undefined ? loadAhead(database) : undefined
		const beat = await readHeartbeat(database)
		if (beat.revision === 0 && known !== undefined && known.revision > 0) throw lostContents(database)
		schemaVersion = beat.schemaVersion
		databaseClock.observe(sent, beat.databaseNow)
		ledger.unseenSince(sent.elapsed)
		const changed = beat.revision !== known?.revision || beat.stateVersion !== known.stateVersion
		if (first !== undefined || force || changed || beat.editId !== editId) {
			const config = await (first ?? loadConfig(database))
			state.load(config, beat.health, ledger.items())
			// A revision that came in between is looked at again by the next check.
			editId = config.revision === beat.revision ? beat.editId : undefined
		} else if (ledger.items().length > 0 || beat.healthText !== healthText) {
			state.replaceHealth(beat.health, ledger.items())
		}
		healthText = beat.healthText
		confirmed = sent
	}

	function startCheck(force = false): { startedAt: number; done: Promise<void> } {
		if (check !== undefined) return check
		const done = readDatabase(force)
			.then(circuit.succeeded, circuit.failed)
			.finally(() => {
				check = undefined
			})
		check = { startedAt: clock.elapsed(), done }
		options.defer?.(done)
		return check
	}

	function current(): Snapshot | Promise<Snapshot> {
		const age = ageMs()
		if (state.snapshot !== undefined && age <= softMs) return state.snapshot
		ledger.writer.kick()
		if (check === undefined && circuit.open) {
			return state.snapshot ?? Promise.reject(new NoSnapshot(circuit.error))
		}
		const { startedAt, done } = startCheck()
		const left = waitMs - (clock.elapsed() - startedAt)
		if (state.snapshot !== undefined && (age <= hardMs || left <= 0)) return state.snapshot
		const settled = state.snapshot === undefined ? done : withinTime(done, left)
		return settled.then(() => state.snapshot ?? Promise.reject(new NoSnapshot(circuit.error)))
	}

	function learn(item: HealthNewsKind): void {
		const news = { ...item, at: databaseClock.now(), elapsed: clock.elapsed() }
		state.add(news)
		ledger.add(news)
	}

	const learnedFacts: LearnedFacts = {
		of: (upstreamId, model) => state.facts.of(upstreamId, model, databaseClock.now()),
		remember(upstreamId, model, facts) {
			const expiresAt = databaseClock.now() + FACT_LIFETIME_MS
			for (const fact of facts) learn({ kind: 'learned', learned: { upstreamId, model, fact, expiresAt } })
		},
	}

	return {
		current,
		learnedFacts,
		peek: () => state.snapshot,
		now: () => databaseClock.now(),
		...createKeyHealthSink({ state, learn, now: databaseClock.now }),
		async refresh() {
			// A check that runs may have asked before the change that the caller wants to see.
			while (check !== undefined) await check.done
			await startCheck(true).done
			if (circuit.error !== undefined) throw toDatabaseError(circuit.error, database.label)
		},
		flush: () => ledger.writer.flush(),
		status: () => ({
			...describeError(circuit.error, ledger.writer.stats(), database),
			...{ snapshotAgeMs: ageMs(), health: ledger.writer.stats() },
			...(schemaVersion !== undefined && { schema: { version: schemaVersion, codeVersion } }),
		}),
	}
}

/** Why the latest check failed, or else the latest write. */
function describeError(
	checkError: unknown,
	writes: WriteBehindStats,
	database: Database,
): Pick<ConfigStoreStatus, 'ok' | 'error' | 'errorCode'> {
	if (checkError !== undefined) {
		const { message, code } = toDatabaseError(checkError, database.label)
		return { ok: false, error: message, errorCode: code }
	}
	return writes.error === undefined ? { ok: true } : { ok: false, error: writes.error }
}

/** An instance's first request waits for heartbeat and configuration: they are asked for at once. */
function loadAhead(database: Database): ReturnType<typeof loadConfig> {
	const loading = loadConfig(database)
	loading.catch(() => {})
	return loading
}

async function withinTime(work: Promise<void>, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined
	const timeout = new Promise<void>(resolve => {
		timer = setTimeout(resolve, ms)
	})
	await Promise.race([work, timeout])
	clearTimeout(timer)
}
