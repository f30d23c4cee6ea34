import { compactDatabase } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { openConfiguredDatabase } from '../config-session.ts'
import { CliError, exitCodes } from '../errors.ts'
import { tellWaiting } from '../tell-waiting.ts'
import { formatBytes } from '../ui/format-bytes.ts'

/** `db vacuum`: the space of deleted rows goes back to the disk. */
export async function vacuumIt(call: CommandCall): Promise<CommandResult> {
	const { database } = await openConfiguredDatabase(call.note)
	try {
		if (database.location !== 'file') {
			const message = `${database.label} is a database server: it frees the space of deleted rows itself`
			throw new CliError(exitCodes.usage, 'invalid', message, 'nothing needs to be done')
		}
		const { before, after } = await tellWaiting(
			call,
			`rewriting ${database.label} …`,
			compactDatabase(database),
		)
		const freed = Math.max(0, before - after)
		const verdict = freed === 0 ? 'there was nothing to free' : `${formatBytes(freed)} freed`
		return {
			data: { location: database.label, before, after },
			lines: [
				call.style.good(call.texts.say(verdict)),
				`${database.label}: ${formatBytes(before)} -> ${formatBytes(after)}`,
			],
		}
	} finally {
		database.close()
	}
}
