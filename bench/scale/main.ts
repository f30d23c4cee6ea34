import { parseArgs } from 'node:util'
import type { Spread } from '../measure.ts'
import { measureCeiling } from './ceiling.ts'
import { measureColdStarts } from './cold.ts'
import { type RateOrder, type RateResult, runRate } from './rate.ts'
import { createWorld, defaultAnswerMs } from './world.ts'

/**
 * `npm run bench:scale [-- --quick]`: the built function in several processes over a database server whose trips take
 * as long as told. Prints what docs/scale.md quotes.
 */
const usual = { instances: 1, latencyMs: 20, seconds: 20, answerMs: defaultAnswerMs, atOnce: 1000 }
const orders: readonly RateOrder[] = [
	{ ...usual, perMinute: 10, seconds: 60 },
	{ ...usual, perMinute: 1000 },
	{ ...usual, perMinute: 1000, latencyMs: 100 },
	// A database with more to do than it can.
	{ ...usual, perMinute: 1000, latencyMs: 1000 },
	{ ...usual, perMinute: 1000, instances: 4 },
	// As long as answers of a coding agent take: first with the default limit, then with one that fits.
	{ ...usual, perMinute: 1000, seconds: 30, answerMs: 30_000, atOnce: undefined },
	{ ...usual, perMinute: 1000, seconds: 30, answerMs: 30_000 },
	// A slice of 100 000 a minute over 100 instances.
	{ ...usual, perMinute: 2000, instances: 2, seconds: 15 },
	{ ...usual, perMinute: 2000, instances: 2, seconds: 15, latencyMs: 100 },
]

const columns: readonly { title: string; width: number; read(result: RateResult): string }[] = [
	{ title: 'per minute', width: 10, read: result => String(result.perMinute) },
	{ title: 'instances', width: 11, read: result => String(result.instances) },
	{ title: 'trip ms', width: 9, read: result => String(result.latencyMs) },
	{ title: 'answer s', width: 10, read: result => String(result.answerMs / 1000) },
	{ title: 'at once', width: 9, read: result => String(result.atOnce ?? 'default') },
	{ title: 'requests', width: 10, read: result => String(result.requests) },
	{ title: 'failed', width: 8, read: result => String(result.failed) },
	{ title: 'unlogged', width: 10, read: result => String(result.unlogged) },
	{ title: 'trips', width: 7, read: result => result.trips.toFixed(2) },
	{ title: 'batches', width: 9, read: result => result.batches.toFixed(2) },
	{ title: 'rows written', width: 14, read: result => result.rowsWritten.toFixed(1) },
	{ title: 'read', width: 6, read: result => result.rowsRead.toFixed(1) },
	{ title: 'CPU ms', width: 8, read: result => result.cpuMs.toFixed(1) },
	{ title: 'added p50', width: 11, read: result => result.addedMs.p50.toFixed(0) },
	{ title: 'p99', width: 5, read: result => result.addedMs.p99.toFixed(0) },
]

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })

const world = await createWorld()
try {
	await world.database.control({ latencyMs: 20 })
	const cold = await measureColdStarts(world, values.quick ? 3 : 10)
	await world.database.control({})
	console.log(`import of the function       ${describeSpread(cold.importMs)} ms CPU`)
	console.log(`first answer of an instance  ${describeSpread(cold.answerCpuMs)} ms CPU`)
	console.log(
		`until the upstream has it    ${describeSpread(cold.toUpstreamMs)} ms; ${cold.trips} trips of 20 in all\n`,
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
