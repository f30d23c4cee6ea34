import { createProcessIo } from './io.ts'
import { runCli } from './run-cli.ts'

/** The program, once main.ts has found that this Node can run it. */
process.stdout.on('error', error => {
	// `claude-proxy list | head -1`: the reader has seen enough.
	if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit()
	throw error
})
process.exitCode = await runCli(process.argv.slice(2), createProcessIo())
