import type { CommandCall } from './command.ts'
import { CliError, exitCodes } from './errors.ts'
import type { OptionSpecs } from './parse-options.ts'
import { usageError } from './refuse.ts'

/** Ways to give a passphrase that leave no trace in the shell's history or the list of processes. */
export const passphraseOptions: OptionSpecs = {
	'passphrase-env': { value: 'NAME', description: 'the passphrase is in this environment variable' },
	'passphrase-stdin': { description: 'the passphrase is the first line of stdin' },
}

/**
 * The passphrase that was given; undefined when none was.
 * @throws CliError usage
 */
export async function readPassphrase(call: CommandCall): Promise<string | undefined> {
	const name = call.options.text('passphrase-env')
	const fromInput = call.options.has('passphrase-stdin')
	if (name !== undefined && fromInput) throw usageError('give the passphrase in one way only')
	if (name !== undefined) {
		const value = process.env[name]
		if (value) return value
		throw usageError('the variable of --passphrase-env is not set', 'export it first, and give its name only')
	}
	if (!fromInput) return undefined
	const [line = ''] = (await call.io.readInput({ hint: 'type the passphrase, Enter and Ctrl-D' })).split(
		/\r?\n/,
		1,
	)
	if (line !== '') return line
	throw usageError('stdin holds no passphrase')
}

/**
 * Asks for one in a terminal, without showing it.
 * @throws CliError usage, where nobody can be asked
 */
export async function askPassphrase(call: CommandCall, options: { repeat: boolean }): Promise<string> {
	const { io } = call
	const asks = io.interactive && !['json', 'no-input'].some(option => call.options.has(option))
	if (!asks)
		throw usageError('a passphrase is needed', 'give it by --passphrase-env NAME or --passphrase-stdin')
	const passphrase = await io.askSecret('Passphrase: ')
	if (options.repeat && (await io.askSecret('Again: ')) !== passphrase) {
		throw new CliError(exitCodes.cancelled, 'cancelled', 'the two passphrases differ: nothing was written')
	}
	return passphrase
}
