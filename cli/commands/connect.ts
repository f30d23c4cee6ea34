import { editClaudeSettings } from '../../core/connect/claude-settings.ts'
import { accessKeyPlaceholder, type Connection } from '../../core/connect/connection.ts'
import { type ConnectFormat, connectFormats, writeSnippet } from '../../core/connect/snippets.ts'
import { toAddress } from '../address.ts'
import {
	findClaudeSettings,
	readClaudeSettings,
	shortenPath,
	writeClaudeSettings,
} from '../claude-code-file.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { loadEnvironment } from '../environment.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findNearest } from '../nearest.ts'
import { usageError } from '../refuse.ts'

export const connect: Command = {
	usage: ['connect [--format <format>] [--show-key]', 'connect --write'],
	options: {
		format: { value: connectFormats.join('|'), description: 'how to write it; claude-code unless told' },
		write: { description: "put it into Claude Code's settings; the file as it was is kept" },
		'show-key': { description: 'with the access key, for pasting' },
		url: { value: 'url', description: 'where the proxy is reached, if not at HOST and PORT' },
		models: {
			description: 'also name the models of the current upstream, instead of leaving that to its map',
		},
		'no-telemetry': { description: 'also turn off what Claude Code sends to others than the proxy' },
	},
	examples: [
		'connect --write',
		'connect --format env --show-key',
		'connect --url https://proxy.example.com --write',
	],
	details: [
		'Without --show-key, words stand for the access key: what is printed can be shown around.',
		'The URL has no /v1: clients add it. Settings belong to ~/.claude/settings.json, not into a project.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const { words, options } = call
	if (words.length > 0) throw usageError('connect takes options only: connect --format env')
	const format = readFormat(options.text('format'))
	const writes = options.has('write')
	if (writes && format !== 'claude-code') throw usageError('only the format claude-code can be written')
	const url = readUrl(options.text('url'))
	const connection = await describeConnection(call, url)
	if (writes) return writeSettings(call, connection)
	const shown = options.has('show-key') ? connection : { ...connection, accessKey: accessKeyPlaceholder }
	const snippet = writeSnippet(format, shown)
	if (!options.has('show-key'))
		call.note('--show-key fills in the access key; --write puts it where it belongs')
	return { data: { format, baseUrl: connection.baseUrl, snippet }, lines: snippet.split('\n') }
}

function readFormat(word = 'claude-code'): ConnectFormat {
	const format = connectFormats.find(name => name === word.trim().toLowerCase())
	if (format) return format
	const nearest = findNearest(word.slice(0, 40), connectFormats)
	const hint = nearest === undefined ? `formats: ${connectFormats.join(', ')}` : `did you mean ${nearest}?`
	throw usageError('there is no such format', hint)
}

function readUrl(text: string | undefined): string | undefined {
	if (text === undefined) return undefined
	const { protocol = '' } = URL.parse(text) ?? {}
	if (protocol === 'http:' || protocol === 'https:') return text
	throw usageError('--url must be an http:// or https:// URL')
}

async function describeConnection(call: CommandCall, url: string | undefined): Promise<Connection> {
	const { environment, generated } = await loadEnvironment()
	if (generated.length > 0)
		call.note(`made ${generated.join(' and ')} and put them into .env: keep that file`)
	return {
		baseUrl: url ?? toAddress(environment.HOST, environment.PORT),
		accessKey: environment.PROXY_ACCESS_KEY,
		quiet: call.options.has('no-telemetry'),
		...(call.options.has('models') && { models: await readModels(call) }),
	}
}

async function readModels(call: CommandCall): Promise<Record<string, string>> {
	const config = await (await call.openSession()).read()
	const current = config.upstreams.find(({ id }) => id === config.currentUpstreamId)
	const { opus, sonnet, haiku } = current?.modelMap ?? {}
	const models = Object.entries({ opus, sonnet, haiku }).filter(([, model]) => model !== undefined)
	if (models.length === 0) throw usageError('the current upstream maps no opus, sonnet or haiku')
	return Object.fromEntries(models) as Record<string, string>
}

async function writeSettings(call: CommandCall, connection: Connection): Promise<CommandResult> {
	const path = findClaudeSettings()
	const shown = shortenPath(path)
	const result = editClaudeSettings(await readClaudeSettings(path), connection)
	if (!result.ok) {
		const hint = 'put it in by hand: connect --show-key'
		throw new CliError(exitCodes.failed, 'failed', `${shown} cannot be edited: ${result.problem}`, hint)
	}
	const { text, diff } = result.edit
	const { say } = call.texts
	if (diff.length === 0) {
		return { data: { path, changed: false, diff }, lines: [say(`${shown} points here already`)] }
	}
	const { backup } = await writeClaudeSettings(path, text)
	const { good, bad } = call.style
	return {
		data: { path, changed: true, diff, backup: backup ?? null },
		lines: [
			...diff.map(line => (line.startsWith('+') ? good(line) : bad(line))),
			say(`wrote ${shown}`),
			...(backup === undefined ? [] : [say(`the file as it was: ${shortenPath(backup)}`)]),
			...(process.env.ANTHROPIC_API_KEY
				? [say('ANTHROPIC_API_KEY is set in this shell: unset it, or Claude Code asks which one to use')]
				: []),
		],
	}
}
