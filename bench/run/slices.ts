import { setTimeout as wait } from 'node:timers/promises'
import type { BenchOptions } from '../options.ts'
import type { Target } from '../targets/index.ts'
import { unitsPerAnswer, type Workload } from '../workloads/index.ts'
import { createOrder, type Stage } from './stage.ts'
import { createTally, settleMs, type Tally, type TargetResult } from './tally.ts'

/** All targets in turn, round after round, so that what else the computer does hits all of them alike. */
export async function runSlices(
	stage: Stage,
	workload: Workload,
	targets: readonly Target[],
	options: BenchOptions,
): Promise<TargetResult[]> {
	await stage.play(workload.name)
	const tallies: Tally[] = []
	for (const target of targets) tallies.push(createTally(target, await stage.keepRunning(target)))
	for (const tally of tallies) await warmUp(stage, workload, tally, options)

	const paced = workload.paceMs !== undefined
	// A slice of paced streams is as long as the stream.
	const rounds = paced ? Math.min(2, options.rounds) : options.rounds
	const size = paced ? { requests: workload.concurrency } : { durationMs: options.sliceMs }
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < tallies.length; turn++) {
			const tally = tallies[(turn + round) % tallies.length] as Tally
			tally.beginSlice()
			const result = await stage.load({ ...createOrder(stage, tally, workload, options), ...size })
			tally.add(result, result.answers * unitsPerAnswer(workload))
		}
	}
	await wait(options.quick ? settleMs / 4 : settleMs)
	return tallies.map(tally => tally.finish())
}

/** What was compiled late, or not at all, would count against whoever has more code. */
async function warmUp(stage: Stage, workload: Workload, tally: Tally, options: BenchOptions): Promise<void> {
	if (workload.paceMs !== undefined) return
	const order = createOrder(stage, tally, workload, options)
	const { warmRequests: requests } = workload
	await stage.load({
		...order,
		...(requests === undefined ? { durationMs: options.sliceMs * 2 } : { requests, concurrency: 64 }),
	})
}
