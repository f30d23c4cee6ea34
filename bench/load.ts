import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { createCheck } from './load/check.ts'
import { createDelayMeter } from './load/delays.ts'
import { exchange } from './load/exchange.ts'
import type { LoadOrder, LoadResult } from './load/protocol.ts'
import { findWorkload } from './workloads/index.ts'

/** The load generator, a process of its own: carries out one order at a time and checks every answer. */
process.on('message', (order: LoadOrder) => void runOrder(order).then(result => process.send?.(result)))
process.on('disconnect', () => process.exit())
process.stdout.write('http://127.0.0.1:0 (the load generator listens to its parent only)\n')

async function runOrder(order: LoadOrder): Promise<LoadResult> {
	const workload = findWorkload(order.workload, order)
	const check = createCheck(workload.answer, order.expected)
	const meter = workload.paceMs === undefined ? undefined : createDelayMeter()
	const agent = new Agent({ keepAlive: true })
	const result: LoadResult = { answers: 0, wrong: 0, problem: undefined, wallMs: 0, delays: undefined }
	const started = performance.now()
	let left = order.requests ?? Number.POSITIVE_INFINITY
	const mayStart = () => left-- > 0 && performance.now() - started < (order.durationMs ?? 600_000)

	const send = async () => {
		const problem = await exchange(order, workload.body, agent, meter?.createReader()).then(check, String)
		result.answers++
		if (problem === undefined) return
		result.wrong++
		result.problem ??= problem
	}
	const concurrency = order.concurrency ?? workload.concurrency
	const work = async (_: unknown, index: number) => {
		if (order.staggerMs) await wait((order.staggerMs * index) / concurrency)
		// Each gets one at least: a slice shorter than an answer still measures one.
		do await send()
		while (mayStart())
	}
	left -= concurrency
	await Promise.all(Array.from({ length: concurrency }, work))
	agent.destroy()
	return { ...result, wallMs: performance.now() - started, delays: meter?.read() }
}
