import { parseArgs } from 'node:util'
import type { Spread } from '../measure.ts'
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
	{ perMinute: 10, instances: 1, latencyMs: 100, seconds: 60 },
	{ perMinute: 1000, instances: 1, latencyMs: 20, seconds: 20 },
	{ perMinute: 1000, instances: 4, latencyMs: 20, seconds: 20 },
	{ perMinute: 1000, instances: 4, latencyMs: 100, seconds: 20 },
	{ perMinute: 6000, instances: 4, latencyMs: 20, seconds: 10 },
	{ perMinute: 12_000, instances: 4, latencyMs: 20, seconds: 10 },
]

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })

const world = await createWorld(modelMs)
try {
	await world.database.control({ latencyMs: 20 })
	const cold = await measureColdStarts(world, values.quick ? 3 : 10)
	await world.database.control({})
	console.log(`import of the function      ${describeSpread(cold.importMs)} ms CPU`)
	console.log(
		`first answer of an instance ${describeSpread(cold.firstAnswerMs)} ms, of which the model ${modelMs} and ${cold.trips} trips of 20\n`,
	)
	console.log(
		'per minute  instances  trip ms  requests  failed  unlogged  trips  statements  rows written  added p50  p99',
	)
	for (const order of values.quick ? orders.slice(2, 4) : orders) {
		console.log(describeRate(await runRate(world, values.quick ? { ...order, seconds: 5 } : order)))
	}
} finally {
	await world.close()
}

function describeSpread(spread: Spread | undefined): string {
	return spread === undefined ? '-' : `${Math.round(spread.best)} (median ${Math.round(spread.median)})`
}

function describeRate(result: RateResult): string {
	const { perMinute, instances, latencyMs, requests, failed, unlogged, trips, statements } = result
	const cells: [string | number, number][] = [
		...([
			[perMinute, 10],
			[instances, 11],
			[latencyMs, 9],
			[requests, 10],
			[failed, 8],
		] as [number, number][]),
		...([
			[unlogged, 10],
			[trips.toFixed(2), 7],
			[statements.toFixed(1), 12],
		] as [string, number][]),
		...([
			[result.rowsWritten.toFixed(1), 14],
			[result.addedMs.p50.toFixed(0), 11],
		] as [string, number][]),
		[result.addedMs.p99.toFixed(0), 5],
	]
	return cells.map(([text, width]) => String(text).padStart(width)).join('')
}
