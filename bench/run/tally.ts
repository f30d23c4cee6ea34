import type { Child } from '../children.ts'
import type { LoadResult } from '../load/protocol.ts'
import { readCpuMs, type Spread, summarize } from '../measure.ts'
import type { Target } from '../targets/index.ts'

export interface TargetResult {
	target: string
	pipe: string
	/** Microseconds of CPU per unit; undefined for `direct`. */
	cpu: Spread | undefined
	answers: number
	/** Answers per second in the best slice. */
	perSecond: number
	wrong: number
	/** What was wrong with the first wrong answer, and what the target printed lately. */
	problem: string | undefined
	delays: LoadResult['delays']
	/** Growth of the process's memory while all streams were open, per stream. */
	bytesPerStream: number | undefined
}

/** Longer than the request log waits before it writes. */
export const settleMs = 1200

/** Counts one target's CPU and answers over its slices of a workload. */
export interface Tally {
	target: Target
	child: Child | undefined
	/** Begins a slice; it ends, for the CPU, when the next begins: what it leaves to do later counts as its own. */
	beginSlice(): void
	/** `units` were answered in the slice that began last. */
	add(result: LoadResult, units: number): void
	/** Ends the last slice. */
	finish(bytesPerStream?: number): TargetResult
}

export function createTally(target: Target, child: Child | undefined): Tally {
	const slices: number[] = []
	const total = { answers: 0, perSecond: 0, wrong: 0 }
	let problem: string | undefined
	let delays: LoadResult['delays']
	let open: { startMs: number; units: number } | undefined

	const closeSlice = () => {
		if (open && child && open.units > 0) {
			slices.push(((readCpuMs(child.pid) - open.startMs) * 1000) / open.units)
		}
		open = undefined
	}

	return {
		target,
		child,
		beginSlice() {
			closeSlice()
			open = { startMs: child ? readCpuMs(child.pid) : 0, units: 0 }
		},
		add(result, units) {
			if (open) open.units = units
			total.answers += result.answers
			total.wrong += result.wrong
			total.perSecond = Math.max(total.perSecond, (result.answers * 1000) / result.wallMs)
			if (result.problem !== undefined) problem ??= `${result.problem} ${readLastLine(child)}`
			if (!delays || (result.delays && result.delays.p99 < delays.p99)) delays = result.delays
		},
		finish(bytesPerStream) {
			closeSlice()
			const cpu = summarize(slices)
			return { target: target.name, pipe: target.pipe, cpu, ...total, problem, delays, bytesPerStream }
		},
	}
}

function readLastLine(child: Child | undefined): string {
	const line = child?.readOutput().trim().split('\n').at(-1) ?? ''
	return line.startsWith('{') ? line.slice(0, 600) : ''
}
