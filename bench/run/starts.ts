import { setTimeout as wait } from 'node:timers/promises'
import { readCpuMs, readRssBytes, type Spread, summarize } from '../measure.ts'
import type { Target } from '../targets/index.ts'

export interface StartResult {
	target: string
	/** Process start to the first answer of /health, ms. */
	wallMs: Spread | undefined
	/** CPU until then, ms. */
	cpuMs: Spread | undefined
	/** Memory of the process at rest, before its first message. */
	idleBytes: number
}

const idleMs = 500

/** Starts each target some times, in turn. */
export async function runStarts(targets: readonly Target[], rounds: number): Promise<StartResult[]> {
	const tallies = targets.map(target => ({
		target,
		wall: [] as number[],
		cpu: [] as number[],
		idle: [] as number[],
	}))
	for (const target of targets) await target.prepare?.()
	for (let round = 0; round < rounds; round++) {
		for (const { target, wall, cpu, idle } of tallies) {
			const started = performance.now()
			const child = await target.start?.()
			if (!child) continue
			const answer = await fetch(`${child.url}/health`)
			if (!answer.ok) throw new Error(`${target.name} answered /health with ${answer.status}`)
			await answer.text()
			wall.push(performance.now() - started)
			cpu.push(readCpuMs(child.pid))
			await wait(idleMs)
			idle.push(readRssBytes(child.pid))
			await child.stop()
		}
	}
	return tallies.map(({ target, wall, cpu, idle }) => ({
		...{ target: target.name, wallMs: summarize(wall), cpuMs: summarize(cpu), idleBytes: Math.min(...idle) },
	}))
}
