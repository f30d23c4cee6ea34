import { CliError, type ExitCode, exitCodes } from '../errors.ts'
import type { CliIo } from '../io.ts'
import { runCli } from '../run-cli.ts'
import { undisturbed, type WizardContext } from './context.ts'

export interface RunOptions {
	/** Go by stdin. */
	secrets?: readonly string[]
	/** What is asked in the place of the command's own question; undefined: that one. */
	question?: string | undefined
}

/** Runs a command of ours, as if it had been typed: what the wizard does, scripts can do. */
export function runCommand(
	context: WizardContext,
	argv: readonly string[],
	{ secrets = [], question: own }: RunOptions = {},
): Promise<ExitCode> {
	return undisturbed(context, async () => {
		let left: unknown
		const inner: CliIo = {
			...context.io,
			readInput: async () => secrets.join('\n'),
			confirm: question =>
				context.ask.confirm(own ?? question, false).catch(error => {
					left = error
					throw new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was changed')
				}),
		}
		const exitCode = await runCli(argv, inner)
		if (left !== undefined) throw left
		return exitCode
	})
}

/** The same; what it says becomes a step of the wizard. `told` says it in the wizard's language. */
export async function runQuietly(
	context: WizardContext,
	argv: readonly string[],
	{ told, ...options }: RunOptions & { told?: string | undefined } = {},
): Promise<ExitCode> {
	const { ask, io, texts } = context
	const said: string[] = []
	const write = (text: string) => void (told === undefined && said.push(text))
	const writeError = (text: string) => void said.push(text)
	const exitCode = await runCommand({ ...context, io: { ...io, write, writeError } }, argv, options)
	const lines = said.join('').trimEnd()
	if (exitCode === exitCodes.ok) {
		const [title = '', ...rest] = [told, lines].join('\n').trim().split('\n')
		ask.told(title, rest.join('\n'))
	} else if (exitCode === exitCodes.cancelled && told !== undefined) ask.say(texts.cancelled.back)
	else ask.warn([texts.commands?.failed, lines].join('\n').trim())
	return exitCode
}
