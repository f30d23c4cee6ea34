import * as original from 'fast-check'

export * from 'fast-check'

/** fast-check's own number of runs, where a property does not say one. */
const usualRuns = 100
/** Below the tests' timeout, so that a hunt ends by itself. */
const huntMs = 30_000

type Runs = Pick<original.Parameters, 'seed' | 'numRuns' | 'interruptAfterTimeLimit'>

/**
 * How properties are tried. In CI always with the same values: whether a change lands depends on the change. Elsewhere
 * with other values each time, and `FC_RUNS=20` tries twenty times as many.
 */
export function chooseRuns(environment: NodeJS.ProcessEnv, runs = usualRuns): Runs {
	const times = Number(environment.FC_RUNS ?? 1)
	return {
		...(environment.CI ? { seed: 1 } : {}),
		...(times > 1 ? { interruptAfterTimeLimit: huntMs } : {}),
		numRuns: Math.ceil(runs * times),
	}
}

/** fast-check's `assert`, which throws with the smallest values for which the property is false. */
export function assert<Values>(
	property: original.IAsyncProperty<Values>,
	parameters?: original.Parameters<Values>,
): Promise<void>
export function assert<Values>(
	property: original.IProperty<Values>,
	parameters?: original.Parameters<Values>,
): void
export function assert<Values>(
	property: original.IRawProperty<Values>,
	parameters: original.Parameters<Values> = {},
): Promise<void> | void {
	return original.assert(property, { ...parameters, ...chooseRuns(process.env, parameters.numRuns) })
}
