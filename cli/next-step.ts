import type { Config, ConfigUpstream } from '../db/index.ts'
import type { CommandCall } from './command.ts'
import { quoteForShell } from './ui/quote-for-shell.ts'

/** Who shows a command: how the program is called here, and its colours. */
export interface Speaker {
	style: CommandCall['style']
	texts: CommandCall['texts']
	io: Pick<CommandCall['io'], 'program' | 'columns'>
}

/** A command of ours as it is typed here. Words in `<>` are for the reader to fill in. */
export function commandLine({ style, io }: Omit<Speaker, 'texts'>, ...words: string[]): string {
	const typed = words.map(word => (/^<.*>$/.test(word) ? word : quoteForShell(word)))
	return style.command([io.program, ...typed].join(' '))
}

/** What stands between this upstream and an answered request, and how to get it out of the way. */
export function suggestNext(call: CommandCall, upstream: ConfigUpstream, config: Config): string[] {
	const { name, id } = upstream
	const { say } = call.texts
	if (!upstream.enabled) return [say(`it is off: ${commandLine(call, 'update', name, '--enabled', 'true')}`)]
	if (!upstream.keys.some(({ enabled, readable }) => enabled && readable)) {
		return [say(`next, give it a key: ${commandLine(call, 'key', name, 'add', '<key>')}`)]
	}
	if (config.currentUpstreamId !== id) {
		return [say(`next, answer requests with it: ${commandLine(call, 'use', name)}`)]
	}
	const start = call.io.program.startsWith('npm') ? 'npm start' : `${call.io.program} serve`
	const shown = call.style.command(start)
	return [say(`it answers requests; ${shown} runs the proxy and prints the settings for Claude Code`)]
}

export function emptyLines(call: CommandCall): string[] {
	const { say } = call.texts
	const byPreset = commandLine(call, 'add', '<name>', '--preset', '<preset>')
	return [
		say('there are no upstreams yet'),
		say(`next: ${commandLine(call, 'add', '<name>', '<type>', '<url>')}`),
		say(`or a service by name: ${byPreset}`),
	]
}

/** Why no request could be answered, if that is so. */
export function describeLack(call: CommandCall, config: Config): string[] {
	const { say } = call.texts
	const current = config.upstreams.find(({ id }) => id === config.currentUpstreamId)
	if (current === undefined) {
		const warning = call.style.caution(say('no upstream is current: requests are answered 503'))
		return [warning, say(`next, choose one: ${commandLine(call, 'use', '<name>')}`)]
	}
	const lines: string[] = []
	if (current.keys.some(({ readable }) => !readable)) {
		lines.push(
			call.style.bad(
				say('keys are unreadable: they were stored with another ENCRYPTION_KEY than the one in use'),
			),
		)
	}
	if (!current.enabled || !current.keys.some(({ enabled, readable }) => enabled && readable)) {
		lines.push(...suggestNext(call, current, config))
	}
	return lines
}
