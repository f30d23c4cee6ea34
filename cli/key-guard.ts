import { maskKey } from '../core/keys/mask.ts'
import { judgeKeyHost } from '../core/presets/key-guard.ts'
import type { CommandCall } from './command.ts'
import { CliError, exitCodes } from './errors.ts'
import type { OptionSpecs } from './parse-options.ts'

export const forceOption: OptionSpecs = {
	force: { description: 'send keys to a host that they do not seem to belong to' },
}

/**
 * Asks before the key of one vendor's account goes to another's host: a relay, or a mistake. Outside of a terminal it
 * takes `--force`. Before anything is written.
 */
export async function guardKeyHosts(
	call: CommandCall,
	keys: readonly string[],
	baseUrl: string,
): Promise<void> {
	const host = URL.parse(baseUrl.trim())?.host ?? 'this host'
	const foreign = keys
		.map(key => ({ key, ...judgeKeyHost(key, baseUrl) }))
		.filter(({ verdict }) => verdict === 'foreign')
	const [first] = foreign.filter(({ mustConfirm }) => mustConfirm)
	for (const { key, preset, mustConfirm } of foreign) {
		if (!mustConfirm || call.options.has('force')) {
			call.note(`${maskKey(key)} looks like a key of ${preset?.name}, and will go to ${host}`)
		}
	}
	if (first === undefined || call.options.has('force')) return
	const sentence = `${maskKey(first.key)} looks like a key of ${first.preset?.name}, but would go to ${host}`
	if (!call.io.interactive || ['json', 'no-input'].some(option => call.options.has(option))) {
		throw new CliError(exitCodes.usage, 'foreign-host', sentence, 'add --force if that is what you want')
	}
	if (await call.io.confirm(`${sentence}. Add it all the same?`)) return
	throw new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was changed')
}
