import { CliError, type ExitCode, exitCodes } from '../errors.ts'
import type { CliIo } from '../io.ts'
import { runCli } from '../run-cli.ts'
import { undisturbed, type WizardContext } from './context.ts'

/** Runs a command of ours, as if it had been typed: what the wizard does, scripts can do. Secrets go by stdin. */
export function runCommand(
	context: WizardContext,
	argv: readonly string[],
	secrets: readonly string[] = [],
): Promise<ExitCode> {
	return undisturbed(context, async () => {
		let left: unknown
		const inner: CliIo = {
			...context.io,
			readInput: async () => secrets.join('\n'),
			confirm: question =>
				context.ask.confirm(question, false).catch(error => {
					left = error
					throw new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was changed')
				}),
		}
		const exitCode = await runCli(argv, inner)
		if (left !== undefined) throw left
		return exitCode
	})
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
