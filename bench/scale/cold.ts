import { bundleFunction } from '../../scripts/lib/bundle.ts'
import { builtFunction, projectRoot } from '../../scripts/lib/layout.ts'
import { startChild } from '../children.ts'
import { type Spread, summarize } from '../measure.ts'
import type { ScaleWorld } from './world.ts'

export interface ColdStarts {
	/** CPU of importing the bundle, ms. */
	importMs: Spread | undefined
	/** From a new instance's first request to its answer, ms. */
	firstAnswerMs: Spread | undefined
	/** Trips to the database until then. */
	trips: number
}

/** Starts the function anew some times, and sends one message to each instance. */
export async function measureColdStarts(world: ScaleWorld, rounds: number): Promise<ColdStarts> {
	await bundleFunction(projectRoot)
	const imports: number[] = []
	const answers: number[] = []
	let trips = 0
	for (let round = 0; round < rounds; round++) {
		const instance = await startInstance(world)
		imports.push(Number(/import (\d+) ms/.exec(instance.readOutput())?.[1]))
		const before = (await world.database.stats()).requests
		const startedAt = performance.now()
		await world.send(instance.url)
		answers.push(performance.now() - startedAt)
		trips = (await world.database.stats()).requests - before
		await instance.stop()
	}
	return { importMs: summarize(imports), firstAnswerMs: summarize(answers), trips }
}

export function startInstance({ env }: ScaleWorld) {
	const args = [`${import.meta.dirname}/instance.ts`, builtFunction(projectRoot)]
	return startChild({ args, env })
}
