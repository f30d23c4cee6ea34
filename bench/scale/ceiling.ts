import { createRequestLog, openDatabase } from '../../db/index.ts'
import { requestRecord } from '../../db/test-support/samples.ts'
import type { ScaleWorld } from './world.ts'

export interface Ceiling {
	/** Requests whose rows are written together. */
	perBatch: number
	batchesPerSecond: number
	requestsPerSecond: number
}

/** How fast one database takes what instances write: as many at once as told, each without a pause. */
export async function measureCeiling(
	{ database: { url, token } }: ScaleWorld,
	{ writers, perBatch, seconds }: { writers: number; perBatch: number; seconds: number },
): Promise<Ceiling> {
	const until = performance.now() + seconds * 1000
	let batches = 0
	const write = async (writer: number): Promise<void> => {
		const database = await openDatabase({ url, authToken: token })
		const log = createRequestLog({ database, delayMs: 60_000 })
		for (let round = 0; performance.now() < until; round++) {
			for (let place = 0; place < perBatch; place++) {
				log.record(requestRecord(`ceiling_${perBatch}_${writer}_${round}_${place}`, { at: Date.now() }))
			}
			await log.flush()
			batches++
		}
		database.close()
	}
	await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
	const batchesPerSecond = batches / seconds
	return { perBatch, batchesPerSecond, requestsPerSecond: batchesPerSecond * perBatch }
}
