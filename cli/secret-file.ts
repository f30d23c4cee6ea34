import { randomBytes } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CliError, exitCodes } from './errors.ts'

/**
 * Writes a file that only its owner can read, whole or not at all.
 * @throws CliError exists, when there is one and it may not be overwritten; failed, when it cannot be written
 */
export async function writeSecretFile(
	path: string,
	text: string,
	options: { overwrite: boolean },
): Promise<void> {
	const target = resolve(path)
	const temporary = join(dirname(target), `.${randomBytes(6).toString('hex')}.tmp`)
	try {
		await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
		if (options.overwrite) await rename(temporary, target)
		else await link(temporary, target)
	} catch (error) {
		const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
		if (reason === 'EEXIST') {
			const message = `${path} is there already`
			throw new CliError(
				exitCodes.conflict,
				'exists',
				message,
				'give another name, or --force to overwrite it',
			)
		}
		const hint = 'check that the folder exists and belongs to you'
		throw new CliError(exitCodes.failed, 'failed', `${path} cannot be written (${reason})`, hint)
	} finally {
		await rm(temporary, { force: true })
	}
}
