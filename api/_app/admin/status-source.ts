import { createHash } from 'node:crypto'
import { type ConfigView, toConfigView } from '../../../core/views/upstream-view.ts'
import { type Config, isOutage, NoSnapshot, type Traffic } from '../../../db/index.ts'
import { type Health, readHealth } from '../routes/health.ts'
import type { AppServices } from '../services.ts'

/** How long what was read serves while this instance knows of no change, and while it knows of changed health only. */
const QUIET_MS = 5000
const BUSY_MS = 1000

export interface Status extends ConfigView {
	/** Equal cursors: nothing but the time has changed. */
	cursor: string
	/** Database clock. */
	now: number
	stateVersion: number
	health: Health
	traffic: Traffic
}

interface Reading {
	config: Config
	traffic: Traffic
	/** What this instance went by when it was read. */
	snapshot: unknown
	revision: number | undefined
	readAt: number
}

/**
 * What the admin polls. Any number of tabs cost an instance one read of the database per second while something
 * changes, and otherwise what requests cost: a look at the revision. While the database is away the last reading serves.
 */
export function createStatusSource(services: AppServices): () => Promise<Status> {
	const { repository, config, proxy } = services
	let last: Reading | undefined
	let running: { revision: number | undefined; reading: Promise<Reading> } | undefined
	let answer: { reading: Reading; madeAt: number; status: Status } | undefined

	async function read(snapshot: unknown, revision: number | undefined): Promise<Reading> {
		const readAt = proxy.clock.elapsed()
		last = { ...(await repository.readOverview()), snapshot, revision, readAt }
		return last
	}

	async function findReading(): Promise<Reading> {
		const snapshot = await Promise.resolve(config.current()).catch(() => undefined)
		const revision = snapshot?.revision
		const age = last === undefined ? Number.POSITIVE_INFINITY : proxy.clock.elapsed() - last.readAt
		if (last && last.snapshot === snapshot && age < QUIET_MS) return last
		if (last && last.revision === revision && age < BUSY_MS) return last
		// One that began before a change may not show it.
		if (running?.revision === revision && running !== undefined) return running.reading
		const own = { revision, reading: read(snapshot, revision) }
		running = own
		try {
			return await own.reading
		} catch (error) {
			if (last !== undefined && (isOutage(error) || error instanceof NoSnapshot)) return last
			throw error
		} finally {
			if (running === own) running = undefined
		}
	}

	return async () => {
		const reading = await findReading()
		const elapsed = proxy.clock.elapsed()
		if (answer?.reading === reading && elapsed - answer.madeAt < BUSY_MS) return answer.status
		const health = await readHealth(services)
		answer = { reading, madeAt: elapsed, status: toStatus(reading, health, Math.round(config.now())) }
		return answer.status
	}
}

function toStatus({ config, traffic }: Reading, health: Health, now: number): Status {
	const { stateVersion } = config
	const view = toConfigView({ ...config, now })
	const { status, reasons, database } = health
	const text = JSON.stringify([view, traffic, status, reasons, database.ok, database.error])
	const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16)
	return { cursor: `${view.revision}.${stateVersion}.${hash}`, now, stateVersion, ...view, health, traffic }
}
