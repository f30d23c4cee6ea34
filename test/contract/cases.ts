import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { StreamEvent } from '../../core/messages/events.ts'

type Json = Record<string, unknown>

export interface ExpectedMessage {
	content: unknown[]
	stop_reason: string
	stop_sequence: string | null
	usage: Json
	model: string
}

export interface ContractCase {
	name: string
	request: Json & { model: string; stream?: boolean }
	upstreamRequest: Json & { refused?: { field: string; message: string } }
	/** The JSON answer; `undefined` when the case has none. */
	answer: unknown
	/** The stream as SSE text with LF. */
	stream: string | undefined
	message: ExpectedMessage | undefined
	error: { type: string; message: string } | undefined
	events: StreamEvent[] | undefined
	settings: CaseSettings
}

export interface CaseSettings {
	type?: string
	why?: string
	baseUrl?: string
	notes?: string[]
	upstream?: Json
	unchecked?: string
}

const fileNames = new Set([
	'request.json',
	'upstream-request.json',
	'answer.json',
	'answer.jsonl',
	'message.json',
	'error.json',
	'events.jsonl',
	'case.json',
])

export interface LoadedCases {
	cases: ContractCase[]
	/** Why folders could not be read: a broken one is a failed test and hides no other. */
	problems: string[]
}

/** The cases of a type, by name; none when it has no folder. */
export function loadCases(type: string): LoadedCases {
	const folder = new URL(`./${type}/`, import.meta.url)
	const loaded: LoadedCases = { cases: [], problems: [] }
	for (const name of existsSync(folder) ? readdirSync(folder).toSorted() : []) {
		try {
			loaded.cases.push(loadCase(name, new URL(`${name}/`, folder)))
		} catch (error) {
			loaded.problems.push(`${type}/${name}: ${String(error)}`)
		}
	}
	return loaded
}

function loadCase(name: string, folder: URL): ContractCase {
	const files = readdirSync(folder)
	const stray = files.find(file => !fileNames.has(file))
	if (stray !== undefined) throw new Error(`a file that the suite does not read: ${stray}`)
	const missing = ['request.json', 'upstream-request.json'].find(file => !files.includes(file))
	if (missing !== undefined) throw new Error(`no ${missing}`)
	const text = (file: string) =>
		files.includes(file) ? readFileSync(new URL(file, folder), 'utf8') : undefined
	const json = (file: string) => {
		const content = text(file)
		return content === undefined ? undefined : parse(content, file)
	}
	const lines = text('answer.jsonl')
	return {
		name,
		request: json('request.json') as ContractCase['request'],
		upstreamRequest: json('upstream-request.json') as ContractCase['upstreamRequest'],
		answer: json('answer.json'),
		stream: lines === undefined ? undefined : toSse(lines),
		message: json('message.json') as ExpectedMessage | undefined,
		error: json('error.json') as ContractCase['error'],
		events: text('events.jsonl')
			?.split('\n')
			.filter(Boolean)
			.map(line => JSON.parse(line)),
		settings: (json('case.json') ?? {}) as CaseSettings,
	}
}

function parse(content: string, file: string): unknown {
	try {
		return JSON.parse(content)
	} catch (error) {
		throw new Error(`${file} is no JSON`, { cause: error })
	}
}

function toSse(lines: string): string {
	return lines.split('\n').filter(Boolean).map(toSseLines).join('')
}

function toSseLines(line: string): string {
	if (line.startsWith('!')) return `${line.slice(1)}\n`
	return line.startsWith(':') ? `${line}\n\n` : `data: ${line}\n\n`
}
