/** What every answer reports, so that one check fits all dialects. */
export const usage = { input: 321, output: 123 }

/** The upstream refuses this key, and takes any other. */
export const failingKey = 'sk-bench-broken-000000000'

/** The tool that answers of kind `tool` call, declared by the workload's request. */
export const tool = { id: 'toolu_bench00000000000000001', name: 'write_file' }

export const sse = (data: unknown, event?: string) =>
	`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
