import type { UpstreamSnapshot } from '../core/config/snapshot.ts'
import { gatherMessage } from '../core/messages/gather-message.ts'
import { convertAnswerText } from '../core/proxy/convert-answer.ts'
import { findAdapter } from '../core/upstreams/registry.ts'
import type { CommandCall, CommandResult } from './command.ts'
import { tellNotes } from './commands/convert.ts'
import { CliError, exitCodes } from './errors.ts'
import { readTextFile } from './io.ts'
import { usageError } from './refuse.ts'
import { toOneLine } from './ui/clean-text.ts'

/** The message, or the events, that a recorded answer becomes. */
export async function convertAnswer(
	call: CommandCall,
	text: string,
	{ name, type }: UpstreamSnapshot,
): Promise<CommandResult> {
	const { options } = call
	const adapter = findAdapter(type)
	if (!adapter) throw usageError(`this version does not know the type of ${name}`)
	const asEvents = options.has('stream')
	const request = await readRequest(call)
	const converted = convertAnswerText({
		...{ adapter, answer: text, request },
		status: readStatus(options.text('status')),
		stream: asEvents || /^\s*(?:data:|event:|id:|:)/.test(text),
	})
	const { notes, status, body, problem } = converted
	if (!options.has('json')) tellNotes(call, notes)
	const events = converted.contentType.startsWith('text/event-stream') ? readEvents(body) : undefined
	if (problem !== undefined && !(asEvents && events)) throw describeProblem(status, body, problem)
	if (asEvents && events) return { data: { events, notes }, lines: body.trimEnd().split('\n') }
	const message = events === undefined ? JSON.parse(body) : gatherMessage(events)
	return { data: { message, notes }, lines: JSON.stringify(message, null, 2).split('\n') }
}

/** What the conversion itself wrote: one line of data per event. */
function readEvents(body: string): Record<string, unknown>[] {
	return Array.from(body.matchAll(/^data: ?(.+)$/gm), ([, data = '']) => JSON.parse(data))
}

function describeProblem(status: number, body: string, problem: string): CliError {
	const { error } = readError(body)
	const sentence = `the client would get ${status} ${error?.type ?? 'api_error'}: ${toOneLine(error?.message ?? problem)}`
	return new CliError(exitCodes.upstream, 'upstream-failed', sentence)
}

function readError(body: string): { error?: { type?: string; message?: string } } {
	try {
		return JSON.parse(body)
	} catch {
		return {}
	}
}

async function readRequest({ options }: CommandCall): Promise<unknown> {
	const path = options.text('request')
	const messages = [{ role: 'user', content: 'hi' }]
	if (path === undefined) return { model: 'claude-sonnet-5-5', max_tokens: 1024, messages }
	try {
		const request: unknown = JSON.parse(await readTextFile(path))
		if (typeof request === 'object' && request !== null) return request
	} catch (error) {
		if (error instanceof CliError) throw error
	}
	throw usageError(`${path} is no JSON object`)
}

function readStatus(text = '200'): number {
	if (/^[2-5]\d\d$/.test(text)) return Number(text)
	throw usageError('--status must be an HTTP status: 200, 429')
}
