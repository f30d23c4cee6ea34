import { listLoginFailures } from '../../db/index.ts'
import type { CommandCall, CommandResult } from '../command.ts'
import { formatWait } from '../describe-state.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatWhen } from '../ui/format-time.ts'
import { formatTable, tableHead } from '../ui/table.ts'

/** `db logins`: who has shown wrong admin keys within the last hour. */
export async function listLogins(call: CommandCall): Promise<CommandResult> {
	const { database } = await call.openSession()
	const { now, addresses, everyone } = await listLoginFailures(database)
	const data = { addresses, everyone }
	if (addresses.length === 0)
		return { data, lines: [call.texts.say('no wrong admin key within the last hour')] }
	const { columns } = call.io
	const { faint, caution } = call.style
	const head = tableHead(call, ['LAST', 'FROM', 'WRONG KEYS', 'WAITS'])
	const rows = addresses.map(({ address, failures, at, blockedUntil }) => [
		{ text: formatWhen(at, columns), paint: faint },
		{ text: toOneLine(address) },
		{ text: String(failures) },
		blockedUntil === null ? { text: '' } : { text: formatWait(blockedUntil - now), paint: caution },
	])
	const blocked = everyone?.blockedUntil
	const all = blocked == null ? [] : [caution(call.texts.say(`everybody waits ${formatWait(blocked - now)}`))]
	return { data, lines: [...formatTable([head, ...rows], columns, fits), ...all] }
}

const fits = [undefined, { least: 16 }]
