import type { Database } from '../client.ts'
import { isOutage, toDatabaseError, violates } from '../errors.ts'
import { newId } from '../ids.ts'
import { NOW, type Statement } from '../sql.ts'
import { createCircuit } from './circuit.ts'
import type { StoreClock } from './system-clock.ts'

export interface WriteBehindOptions<Item> {
	database: Database
	clock: StoreClock
	/** Items that may wait; beyond it the oldest are dropped and counted. */
	limit: number
	/** Items that go into one batch. */
	batchSize: number
	/** How long an item may wait for company, ms. */
	delayMs: number
	toStatements(items: readonly Item[]): Statement[]
	/** The items are in the database, or given up. */
	onSettled?(items: readonly Item[], outcome: 'written' | 'dropped'): void
	/** Keeps a serverless function alive until the work is done. */
	defer?: (work: Promise<unknown>) => void
}

export interface WriteBehind<Item> {
	add(item: Item): void
	/** Starts writing if something is due. */
	kick(): void
	/** Resolves when all that waits now is written, or the database stays away for seconds. Never rejects. */
	flush(): Promise<void>
	stats(): WriteBehindStats
}

export interface WriteBehindStats {
	/** Waiting or being written. */
	pending: number
	written: number
	/** Given up: the queue was full, or the database refused the item. */
	dropped: number
	/** Why the latest write failed; undefined once one has worked. */
	error: string | undefined
}

const FLUSH_TRIES = 4
const FLUSH_PATIENCE_MS = 3000
const FLUSH_PAUSE_MS = 250
const KEEP_FLUSH_IDS_MS = 24 * 3_600_000

/** A bounded queue in front of the database. Each batch carries an id, so that one whose answer was lost is not written twice. */
export function createWriteBehind<Item>(options: WriteBehindOptions<Item>): WriteBehind<Item> {
	const { database, clock } = options
	let waiting: Item[] = []
	let inHand: { id: string; items: Item[] } | undefined
	let running: Promise<void> | undefined
	let timer: NodeJS.Timeout | undefined
	let singles = 0
	/** How many of all items ever added a flush waits for. */
	let wanted = 0
	const circuit = createCircuit(clock)
	const stats = { written: 0, dropped: 0, error: undefined as string | undefined }

	const pending = () => waiting.length + (inHand?.items.length ?? 0)
	const settled = () => stats.written + stats.dropped

	function settle(items: readonly Item[], outcome: 'written' | 'dropped'): void {
		stats[outcome] += items.length
		options.onSettled?.(items, outcome)
	}

	function takeBatch(): { id: string; items: Item[] } {
		const items = waiting.splice(0, singles > 0 ? 1 : options.batchSize)
		if (singles > 0) singles--
		return { id: newId('flush'), items }
	}

	/** False when the database is away. */
	async function writeBatch(batch: { id: string; items: Item[] }): Promise<boolean> {
		try {
			await writeOnce(database, batch.id, options.toStatements(batch.items))
		} catch (error) {
			return handleFailure(batch, error)
		}
		inHand = undefined
		circuit.succeeded()
		stats.error = undefined
		settle(batch.items, 'written')
		return true
	}

	function handleFailure(batch: { items: Item[] }, error: unknown): boolean {
		stats.error = toDatabaseError(error, database.label).message
		if (isOutage(error)) {
			circuit.failed(error)
			return false
		}
		inHand = undefined
		// One item that the database refuses must not take the others with it.
		if (batch.items.length === 1) settle(batch.items, 'dropped')
		else {
			waiting = [...batch.items, ...waiting]
			singles = batch.items.length
		}
		return true
	}

	/** What comes while a batch is written waits for company, too: a busy instance would write without a pause. */
	const isDue = () =>
		singles > 0 ||
		waiting.length >= options.batchSize ||
		(waiting.length > 0 && (settled() < wanted || options.delayMs === 0))

	async function drain(): Promise<void> {
		do {
			inHand ??= takeBatch()
			if (!(await writeBatch(inHand))) return
		} while (isDue())
	}

	function run(): Promise<void> {
		if (running !== undefined) return running
		clearTimeout(timer)
		timer = undefined
		running = drain().finally(() => {
			running = undefined
			if (pending() > 0) schedule(Math.max(options.delayMs, circuit.waitMs))
		})
		options.defer?.(running)
		return running
	}

	function schedule(ms: number): void {
		if (timer !== undefined || running !== undefined) return
		timer = setTimeout(run, ms)
		timer.unref()
	}

	return {
		add(item) {
			waiting.push(item)
			while (pending() > options.limit && waiting.length > 1) settle([waiting.shift()!], 'dropped')
			if (waiting.length >= options.batchSize && !circuit.open) run()
			else schedule(Math.max(options.delayMs, circuit.waitMs))
		},
		kick() {
			if (pending() > 0 && !circuit.open) run()
		},
		async flush() {
			const until = clock.elapsed() + FLUSH_PATIENCE_MS
			// Not what comes meanwhile: on a busy instance that would be one trip after the other without an end.
			const own = settled() + pending()
			wanted = own
			for (let tries = 1; settled() < own && tries <= FLUSH_TRIES && clock.elapsed() <= until; tries++) {
				await run()
				if (circuit.error !== undefined) await new Promise(resolve => setTimeout(resolve, FLUSH_PAUSE_MS))
			}
		},
		stats: () => ({ pending: pending(), ...stats }),
	}
}

/** Nothing, when the batch of this id has been written before. */
async function writeOnce(database: Database, id: string, statements: readonly Statement[]): Promise<void> {
	try {
		const all = [
			{ sql: `INSERT INTO flushes (id, at) VALUES (?, ${NOW})`, args: [id] },
			...statements,
			{ sql: `DELETE FROM flushes WHERE at < ${NOW} - ${KEEP_FLUSH_IDS_MS}` },
		]
		await database.batch(all, { isBehind: true })
	} catch (error) {
		if (!violates(error, 'flushes.id')) throw error
	}
}
