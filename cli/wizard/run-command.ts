import type { ExitCode } from '../errors.ts'
import type { CliIo } from '../io.ts'
import { runCli } from '../run-cli.ts'
import type { WizardContext } from './context.ts'

/** Runs a command of ours, as if it had been typed: what the wizard does, scripts can do. Secrets go by stdin. */
export function runCommand(
	{ io, ask }: WizardContext,
	argv: readonly string[],
	secrets: readonly string[] = [],
): Promise<ExitCode> {
	const inner: CliIo = {
		...io,
		readInput: async () => secrets.join('\n'),
		confirm: question => ask.confirm(question, false),
	}
	return runCli(argv, inner)
}

/** The same; what it says becomes a step of the wizard. */
export async function runQuietly(
	context: WizardContext,
	argv: readonly string[],
	secrets: readonly string[] = [],
): Promise<ExitCode> {
	const lines: string[] = []
	const gather = (text: string) => void lines.push(text)
	const io = { ...context.io, write: gather, writeError: gather }
	const exitCode = await runCommand({ ...context, io }, argv, secrets)
	const [title = '', ...rest] = lines.join('').trimEnd().split('\n')
	if (exitCode === 0) context.ask.told(title, rest.join('\n'))
	else context.ask.warn([title, ...rest].join('\n'))
	return exitCode
}
