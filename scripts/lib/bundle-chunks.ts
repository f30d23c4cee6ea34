import { join } from 'node:path'
import type { OutputOptions } from 'rolldown'

/**
 * What the command line needs together, the first to be taken first: a module and all that it imports become one file.
 * By itself the bundler makes a file for each set of modules that the same commands share, some forty of which a server
 * would read; each costs 0.2 ms of CPU to find, read and link (docs/performance.md).
 */
const chunks: Readonly<Record<string, readonly string[]>> = {
	// Not program.ts: it waits for the command that runs, whose files must not wait for it.
	program: ['cli/run-cli.ts', 'cli/io.ts', 'cli/address.ts'],
	database: ['db/index.ts', 'cli/environment.ts'],
	calls: [
		'core/upstreams/registry.ts',
		'core/proxy/handle-messages.ts',
		'core/proxy/count-tokens.ts',
		'core/proxy/model-catalog.ts',
		'core/proxy/upstream-slots.ts',
		'api/_app/transport/node-transport.ts',
		'api/_app/webhooks/deliver.ts',
		'api/_app/runtime.ts',
	],
	server: ['cli/serve.ts'],
}

/** How the command line's bundle is cut into files; `await import()` begins one of its own in any case. */
export function cutCli(root: string): NonNullable<OutputOptions['codeSplitting']> {
	const names = Object.keys(chunks)
	const groups = Object.entries(chunks).map(([name, modules], index) => {
		const begins = new Set(modules.map(module => join(root, module)))
		return { name, priority: names.length - index, test: (id: string) => begins.has(id) }
	})
	return { groups }
}
