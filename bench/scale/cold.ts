import { join } from 'node:path'
import { bundleFunction } from '../../scripts/lib/bundle.ts'
import { builtFunction, projectRoot } from '../../scripts/lib/layout.ts'
import { startChild } from '../children.ts'
import { readCpuMs, type Spread, summarize } from '../measure.ts'
import type { ScaleWorld } from './world.ts'

export interface ColdStarts {
	/** CPU of importing the bundle, ms. */
	importMs: Spread | undefined
	/** From a new instance's first request to the upstream, ms. */
	toUpstreamMs: Spread | undefined
	/** CPU of the instance from its first request to the end of the answer, ms. */
	answerCpuMs: Spread | undefined
	/** Trips to the database until then. */
	trips: number
}

/** Starts the function anew some times, and sends one message to each instance. */
export async function measureColdStarts(world: ScaleWorld, rounds: number): Promise<ColdStarts> {
	await bundleFunction(projectRoot)
	const imports: number[] = []
	const ways: number[] = []
	const answers: number[] = []
	let trips = 0
	for (let round = 0; round < rounds; round++) {
		const instance = await startInstance(world)
		imports.push(Number(/import (\d+) ms/.exec(instance.readOutput())?.[1]))
		const before = (await world.database.stats()).requests
		const cpuBefore = readCpuMs(instance.pid)
		const { toUpstreamMs } = await world.send(instance.url)
		ways.push(toUpstreamMs)
		answers.push(readCpuMs(instance.pid) - cpuBefore)
		trips = (await world.database.stats()).requests - before
		await instance.stop()
	}
	return {
		...{ importMs: summarize(imports), trips },
		...{ toUpstreamMs: summarize(ways), answerCpuMs: summarize(answers) },
	}
}

const instanceProgram = join(projectRoot, 'test/support/function-instance/main.ts')

export function startInstance(world: ScaleWorld, variables: Record<string, string> = {}) {
	const env = { ...world.env, ...variables }
	return startChild({ args: [instanceProgram, builtFunction(projectRoot)], env })
}
