import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import {
	describeRecording,
	type KnownSecrets,
	type StoredRecording,
} from '../../core/recording/describe-recording.ts'
import { type KeepRecording, type RawRecording, weigh } from '../../core/recording/recorder.ts'
import type { Database } from '../client.ts'
import {
	findPayloads,
	insertPayloads,
	prunePayloads,
	type SealedPayloads,
	shrinkPayloads,
} from '../repositories/payloads.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { payloadRowId } from '../secrets/sealed-places.ts'
import type { Statement } from '../sql.ts'
import { type StoreClock, systemClock } from './system-clock.ts'
import { createWriteBehind, type WriteBehindStats } from './write-behind.ts'

export interface PayloadLogOptions {
	database: Database
	keyRing: KeyRing
	/** What must not be stored, as known now. */
	secrets(): KnownSecrets
	/** How long bodies are kept, as set now. */
	keepDays(): number
	clock?: StoreClock
	/** How long bodies may wait for company, ms. */
	delayMs?: number
	/** Most bytes in memory. */
	maxWaitingBytes?: number
	/** Most bytes in the database. */
	maxStoredBytes?: number
	defer?: (work: Promise<unknown>) => void
}

export interface PayloadLog {
	keep: KeepRecording
	/** Undefined when nothing was recorded, or it is gone, or no key of ours opens it. */
	find(requestId: string): Promise<StoredRecording | undefined>
	/** Removes what is too old; part of other writes, so that it happens without any recording too. */
	pruneStatements(): Statement[]
	/** Resolves when all is written, or the database stayed away. Never rejects. */
	flush(): Promise<void>
	stats(): WriteBehindStats & { waitingBytes: number }
}

const MEGABYTE = 1024 * 1024
const RECORDINGS_PER_BATCH = 8
const MAX_OPENED_BYTES = 64 * MEGABYTE

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

interface Waiting extends SealedPayloads {
	/** Bytes that it holds in memory. */
	weight: number
}

/**
 * Keeps bodies behind the requests' backs: secrets are taken out, the rest is compressed, sealed and written, one
 * recording after the other. Memory is bounded: while the database is away, what comes too much is dropped and counted.
 */
export function createPayloadLog(options: PayloadLogOptions): PayloadLog {
	const { database, keyRing, maxWaitingBytes = 16 * MEGABYTE, maxStoredBytes = 256 * MEGABYTE } = options
	let waitingBytes = 0
	let dropped = 0
	let working: Promise<void> = Promise.resolve()
	let inWork = 0
	/** The sizes are added up at first, and again each time this much was written. */
	let unchecked = Number.POSITIVE_INFINITY
	const writer = createWriteBehind<Waiting>({
		...{ database, clock: options.clock ?? systemClock, delayMs: options.delayMs ?? 1000 },
		...{ limit: 10_000, batchSize: RECORDINGS_PER_BATCH },
		toStatements: items => {
			const isDue = unchecked >= maxStoredBytes / 32
			return [insertPayloads(items), ...pruneStatements(), ...(isDue ? [shrinkPayloads(maxStoredBytes)] : [])]
		},
		onSettled(items) {
			const weight = sumWeights(items)
			unchecked = unchecked >= maxStoredBytes / 32 ? 0 : unchecked + weight
			waitingBytes -= weight
		},
		...(options.defer ? { defer: options.defer } : {}),
	})
	const pruneStatements = () => [prunePayloads(options.keepDays())]

	async function seal(raw: RawRecording, weight: number): Promise<void> {
		const { requestId } = raw
		try {
			const text = JSON.stringify(describeRecording(raw, options.secrets()))
			const sealed = keyRing.sealBytes(await compress(text), payloadRowId(requestId))
			waitingBytes += sealed.length
			writer.add({ requestId, sealed, weight: sealed.length })
		} catch {
			dropped++
		} finally {
			waitingBytes -= weight
			inWork--
		}
	}

	return {
		keep(raw) {
			const weight = weigh(raw)
			if (waitingBytes + weight > maxWaitingBytes) {
				dropped++
				return
			}
			waitingBytes += weight
			inWork++
			// The answer's last bytes are on their way: they go first.
			working = working
				.then(() => new Promise(resolve => setImmediate(resolve)))
				.then(() => seal(raw, weight))
			options.defer?.(working)
		},
		find: requestId => openPayloads(database, keyRing, requestId, options.keepDays()),
		pruneStatements,
		async flush() {
			await working
			await writer.flush()
		},
		stats() {
			const { pending, ...stats } = writer.stats()
			return { ...stats, pending: pending + inWork, dropped: stats.dropped + dropped, waitingBytes }
		},
	}
}

/** What was recorded of a request; undefined when nothing was, or it is gone, or no key of the ring opens it. */
export async function openPayloads(
	database: Database,
	keyRing: KeyRing,
	requestId: string,
	days: number,
): Promise<StoredRecording | undefined> {
	const sealed = await findPayloads(database, requestId, days)
	const bytes = sealed === undefined ? undefined : keyRing.openBytes(sealed, payloadRowId(requestId))
	if (bytes === undefined) return undefined
	const text = await decompress(bytes, { maxOutputLength: MAX_OPENED_BYTES })
	return JSON.parse(text.toString('utf8')) as StoredRecording
}

const sumWeights = (items: readonly Waiting[]) => items.reduce((sum, { weight }) => sum + weight, 0)
