import { setTimeout as wait } from 'node:timers/promises'
import type { ServerStats } from '../../test/support/hrana-server.ts'
import { readCpuMs } from '../measure.ts'
import { startInstance } from './cold.ts'
import type { ScaleWorld } from './world.ts'

export interface RateOrder {
	perMinute: number
	instances: number
	/** Of one trip to the database, ms. */
	latencyMs: number
	seconds: number
	/** How long the upstream takes. */
	answerMs: number
	/** MAX_CONCURRENT_REQUESTS, where it is not the default. */
	atOnce?: number | undefined
}

export interface RateResult extends RateOrder {
	requests: number
	failed: number
	/** Per request. */
	trips: number
	/** Of these trips, those that write. */
	batches: number
	rowsWritten: number
	/** Given back or scanned, those of the configuration's checks among them. */
	rowsRead: number
	/** Of the instances. */
	cpuMs: number
	/** Until the upstream had the request, of those that it got: what the proxy and its database added. */
	addedMs: { p50: number; p99: number }
	/** Requests that are missing in the log afterwards. */
	unlogged: number
}

/** Requests at a fixed rate, whatever the answers take, spread evenly over warm instances. */
export async function runRate(world: ScaleWorld, order: RateOrder): Promise<RateResult> {
	const variables: Record<string, string> = order.atOnce
		? { MAX_CONCURRENT_REQUESTS: String(order.atOnce) }
		: {}
	const starting = Array.from({ length: order.instances }, () => startInstance(world, variables))
	const instances = await Promise.all(starting)
	try {
		await Promise.all(instances.map(({ url }) => world.send(url)))
		await wait(1500)
		await world.database.control({ latencyMs: order.latencyMs, countReads: true })
		const before = { logged: await world.countLogged(), stats: await world.database.stats() }
		const readCpu = () => instances.reduce((sum, { pid }) => sum + readCpuMs(pid), 0)
		const cpuBefore = readCpu()
		const total = Math.max(1, Math.round((order.perMinute * order.seconds) / 60))
		const answers = await sendAll(
			world,
			instances.map(({ url }) => url),
			{ total, ...order },
		)
		await wait(2000 + 4 * order.latencyMs)
		const after = { stats: await world.database.stats(), logged: await world.countLogged() }
		await world.database.control({})
		const per = (name: keyof ServerStats) => (after.stats[name] - before.stats[name]) / total
		const reached = answers.map(({ toUpstreamMs }) => toUpstreamMs).filter(Number.isFinite)
		const added = reached.sort((a, b) => a - b)
		const quantile = (share: number) => added[Math.floor(share * added.length)] ?? Number.NaN
		return {
			...order,
			...{ requests: total, failed: answers.filter(({ status }) => status !== 200).length },
			...{ trips: per('requests'), batches: per('batches'), rowsWritten: per('changes') },
			rowsRead: per('reads'),
			cpuMs: (readCpu() - cpuBefore) / total,
			addedMs: { p50: quantile(0.5), p99: quantile(0.99) },
			unlogged: total - (after.logged - before.logged),
		}
	} finally {
		await Promise.all(instances.map(instance => instance.stop()))
	}
}

async function sendAll(
	world: ScaleWorld,
	urls: readonly string[],
	{ total, perMinute, answerMs }: RateOrder & { total: number },
) {
	const startedAt = performance.now()
	const running: ReturnType<ScaleWorld['send']>[] = []
	for (let index = 0; index < total; index++) {
		const due = startedAt + (index * 60_000) / perMinute
		const early = due - performance.now()
		if (early > 1) await wait(early)
		running.push(world.send(urls[index % urls.length] as string, answerMs))
	}
	return Promise.all(running)
}
