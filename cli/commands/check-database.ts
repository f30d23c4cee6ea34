import { checkDatabase, readSchemaVersion } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { openConfiguredDatabase } from '../config-session.ts'
import { exitCodes } from '../errors.ts'
import { tellWaiting } from '../tell-waiting.ts'

/** Looks for damage, and changes nothing: not even an old schema is brought up to date. */
export async function checkIt(call: CommandCall): Promise<CommandResult> {
	const { database } = await openConfiguredDatabase(call.note)
	try {
		const { version, codeVersion } = await readSchemaVersion(database)
		const problems = await tellWaiting(call, `reading all of ${database.label} …`, checkDatabase(database))
		const { good, bad } = call.style
		const { say } = call.texts
		return {
			data: { location: database.label, version, codeVersion, problems },
			lines: [
				say(`${database.label}, schema ${version} of ${codeVersion}`),
				...(problems.length === 0 ? [good(say('no damage found'))] : problems.map(problem => bad(problem))),
				...(problems.length === 0 ? [] : [say('put it aside and bring back an export: import <file>')]),
			],
			exitCode: problems.length === 0 ? exitCodes.ok : exitCodes.failed,
		}
	} finally {
		database.close()
	}
}
