import { parseArgs } from 'node:util'
import type { Spread } from '../measure.ts'
import { measureCeiling } from './ceiling.ts'
import { measureColdStarts } from './cold.ts'
import { type RateOrder, type RateResult, runRate } from './rate.ts'
import { createWorld } from './world.ts'

/**
 * `npm run bench:scale [-- --quick]`: the built function in several processes over a database server whose trips take
 * as long as told. Prints what docs/scale.md quotes.
 */
const modelMs = 1000

const orders: readonly RateOrder[] = [
	{ perMinute: 10, instances: 1, latencyMs: 20, seconds: 60 },
	{ perMinute: 1000, instances: 1, latencyMs: 20, seconds: 20 },
	{ perMinute: 1000, instances: 1, latencyMs: 100, seconds: 20 },
	{ perMinute: 1000, instances: 4, latencyMs: 20, seconds: 20 },
	// A slice of 100 000 a minute over 100 instances.
	{ perMinute: 4000, instances: 4, latencyMs: 20, seconds: 15 },
	{ perMinute: 4000, instances: 4, latencyMs: 100, seconds: 15 },
]

const columns: readonly { title: string; width: number; read(result: RateResult): string }[] = [
	{ title: 'per minute', width: 10, read: result => String(result.perMinute) },
	{ title: 'instances', width: 11, read: result => String(result.instances) },
	{ title: 'trip ms', width: 9, read: result => String(result.latencyMs) },
	{ title: 'requests', width: 10, read: result => String(result.requests) },
	{ title: 'failed', width: 8, read: result => String(result.failed) },
	{ title: 'unlogged', width: 10, read: result => String(result.unlogged) },
	{ title: 'trips', width: 7, read: result => result.trips.toFixed(2) },
	{ title: 'batches', width: 9, read: result => result.batches.toFixed(2) },
	{ title: 'rows written', width: 14, read: result => result.rowsWritten.toFixed(1) },
	{ title: 'CPU ms', width: 8, read: result => result.cpuMs.toFixed(1) },
	{ title: 'added p50', width: 11, read: result => result.addedMs.p50.toFixed(0) },
	{ title: 'p99', width: 5, read: result => result.addedMs.p99.toFixed(0) },
]

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })

const world = await createWorld(modelMs)
try {
	await world.database.control({ latencyMs: 20 })
	const cold = await measureColdStarts(world, values.quick ? 3 : 10)
	await world.database.control({})
	console.log(`import of the function      ${describeSpread(cold.importMs)} ms CPU`)
	console.log(
		`first answer of an instance ${describeSpread(cold.firstAnswerMs)} ms, of which the model ${modelMs}; ${cold.trips} trips of 20\n`,
	)
	console.log(columns.map(({ title, width }) => title.padStart(width)).join(''))
	for (const order of values.quick ? orders.slice(1, 2) : orders) {
		const result = await runRate(world, values.quick ? { ...order, seconds: 5 } : order)
		console.log(columns.map(({ width, read }) => read(result).padStart(width)).join(''))
	}
	console.log('\nwhat the database takes from 8 writers')
	for (const perBatch of [1, 16, 100]) {
		const found = await measureCeiling(world, { writers: 8, perBatch, seconds: values.quick ? 1 : 5 })
		console.log(
			`${String(perBatch).padStart(4)} a batch: ${found.batchesPerSecond.toFixed(0)} batches, ${found.requestsPerSecond.toFixed(0)} requests a second`,
		)
	}
} finally {
	await world.close()
}

function describeSpread(spread: Spread | undefined): string {
	return spread === undefined ? '-' : `${Math.round(spread.best)} (median ${Math.round(spread.median)})`
}
