import { createProcessIo } from './io.ts'
import { runCli } from './run-cli.ts'

/** Entry of the bundle: `claude-proxy …`, and behind every npm script that runs the program. */
process.stdout.on('error', error => {
	// `claude-proxy list | head -1`: the reader has seen enough.
	if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit()
	throw error
})
process.exitCode = await runCli(process.argv.slice(2), createProcessIo())
