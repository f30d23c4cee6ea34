import { parseArgs } from 'node:util'

export interface BenchOptions {
	quick: boolean
	/** Names of workloads; empty for all. */
	only: readonly string[]
	/** Measured slices per target and workload. */
	rounds: number
	/** Shortest duration of a slice. */
	sliceMs: number
}

export const usage = `npm run bench -- [--quick] [--only <workload>]… [--rounds <n>] [--slice <ms>]

  --quick            under 30 seconds: shorter slices, fewer of them, shorter streams
  --only <workload>  one workload (repeatable); \`start\` is process start and idle memory
  --rounds <n>       slices per target and workload (default 3, quick 1)
  --slice <ms>       length of a slice (default 150, quick 40)
`

/** @throws Error that says what is wrong with the command line */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions | 'help' {
	const { values } = parseArgs({
		args: [...args],
		options: {
			quick: { type: 'boolean', default: false },
			only: { type: 'string', multiple: true, default: [] },
			rounds: { type: 'string' },
			slice: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	})
	if (values.help) return 'help'
	const unknown = values.only.find(name => !names.includes(name))
	if (unknown !== undefined) throw new Error(`no workload "${unknown}"; there are ${names.join(', ')}`)
	return {
		quick: values.quick,
		only: values.only,
		rounds: readCount('rounds', values.rounds, values.quick ? 1 : 3),
		sliceMs: readCount('slice', values.slice, values.quick ? 40 : 150),
	}
}

function readCount(name: string, text: string | undefined, byDefault: number): number {
	if (text === undefined) return byDefault
	if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} must be a whole number above 0`)
	return Number(text)
}
