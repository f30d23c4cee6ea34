import { join } from 'node:path'
import { askChild, type Child, startChild } from '../children.ts'
import type { LoadOrder, LoadResult } from '../load/protocol.ts'
import type { BenchOptions } from '../options.ts'
import type { Target } from '../targets/index.ts'
import type { Workload } from '../workloads/index.ts'

/** The processes around the targets, and the targets that run already. */
export interface Stage {
	upstreamUrl: string
	/** Makes the upstream answer as the workload says. */
	play(workload: string): Promise<void>
	load(order: LoadOrder): Promise<LoadResult>
	/** The target's process, started when it is needed first. */
	keepRunning(target: Target): Promise<Child | undefined>
	close(): Promise<void>
}

export async function startStage({ quick }: BenchOptions): Promise<Stage> {
	const startHelper = (file: string) =>
		startChild({ args: [join(import.meta.dirname, '..', file)], ipc: true })
	const [upstream, load] = await Promise.all([startHelper('upstream.ts'), startHelper('load.ts')])
	const running = new Map<string, Child>()
	return {
		upstreamUrl: upstream.url,
		play: workload => askChild(upstream, { play: workload, quick }),
		load: order => askChild(load, order),
		async keepRunning(target) {
			const child = running.get(target.name) ?? (await target.start?.())
			if (child) running.set(target.name, child)
			return child
		},
		async close() {
			await Promise.all([upstream, load, ...running.values()].map(child => child.stop()))
		},
	}
}

/** What the load generator is to do to a target; the size of the slice is up to the caller. */
export function createOrder(
	stage: Stage,
	{ target, child }: { target: Target; child: Child | undefined },
	workload: Pick<Workload, 'name'>,
	{ quick }: BenchOptions,
): LoadOrder {
	return { ...target.order, url: child?.url ?? stage.upstreamUrl, workload: workload.name, quick }
}
