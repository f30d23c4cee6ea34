import { setTimeout as wait } from 'node:timers/promises'
import type { Child } from '../children.ts'
import { readRssBytes } from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import type { Target } from '../targets/index.ts'
import { findWorkload, unitsPerAnswer, type Workload } from '../workloads/index.ts'
import { createOrder, type Stage } from './stage.ts'
import { createTally, settleMs, type TargetResult } from './tally.ts'

/** Each target alone and anew: memory that an earlier workload left behind would hide what streams take. */
export async function runFresh(
	stage: Stage,
	workload: Workload,
	targets: readonly Target[],
	options: BenchOptions,
): Promise<TargetResult[]> {
	const results: TargetResult[] = []
	for (const target of targets) {
		const child = await target.start?.()
		try {
			results.push(await runOnce(stage, workload, { target, child }, options))
		} finally {
			await child?.stop()
		}
	}
	return results
}

/** Few streams of another workload come first, so that code and heap stand as they do in use. */
async function runOnce(
	stage: Stage,
	workload: Workload,
	subject: { target: Target; child: Child | undefined },
	options: BenchOptions,
): Promise<TargetResult> {
	const { target, child } = subject
	if (child) {
		const before = findWorkload('packets-32', options)
		await stage.play(before.name)
		await stage.load({ ...createOrder(stage, subject, before, options), requests: before.concurrency })
	}
	await stage.play(workload.name)
	const tally = createTally(target, child)
	const memory = child && watchMemory(child.pid)
	tally.beginSlice()
	const order = createOrder(stage, subject, workload, options)
	const requests = workload.concurrency
	const result = await stage.load({ ...order, requests, staggerMs: options.quick ? 100 : 500 })
	tally.add(result, result.answers * unitsPerAnswer(workload))
	const growth = memory?.stop()
	if (target.settles) await wait(options.quick ? settleMs / 4 : settleMs)
	return tally.finish(growth && growth / workload.concurrency)
}

/** `stop` returns how far the process's memory rose above where it stood. */
function watchMemory(pid: number): { stop(): number } {
	const before = readRssBytes(pid)
	let peak = before
	const timer = setInterval(() => {
		peak = Math.max(peak, readRssBytes(pid))
	}, 100)
	return {
		stop() {
			clearInterval(timer)
			return peak - before
		},
	}
}
