import type { UpstreamSnapshot } from '../core/config/snapshot.ts'
import { gatherMessage } from '../core/messages/gather-message.ts'
import type { Note } from '../core/messages/notes.ts'
import type { Transport } from '../core/ports.ts'
import { askUpstream, type MessagesAnswer } from './ask-messages.ts'
import type { CommandCall, CommandResult } from './command.ts'
import { tellNotes } from './commands/convert.ts'
import { CliError, exitCodes } from './errors.ts'
import { readTextFile } from './io.ts'
import { usageError } from './refuse.ts'
import { toOneLine } from './ui/clean-text.ts'
import { createBareServices } from './upstream-access.ts'

/** Takes a recorded answer by the way of live ones: only the socket is made of paper. */
export async function convertAnswer(
	call: CommandCall,
	text: string,
	upstream: UpstreamSnapshot,
): Promise<CommandResult> {
	const { options } = call
	const asEvents = options.has('stream')
	const stream = asEvents || /^\s*(?:data:|event:|id:|:)/.test(text)
	const body = { ...(await readRequest(call)), stream }
	const status = readStatus(options.text('status'))
	const { services, close } = createBareServices({ REQUEST_TIMEOUT: 60_000, FIRST_CONTENT_TIMEOUT: 0 })
	let notes: readonly Note[] = []
	const snapshot = {
		...{ revision: 0, stateVersion: 0, strategy: 'failover' as const },
		...{ currentUpstreamId: upstream.id, upstreams: [upstream] },
	}
	const recording = {
		...services,
		transport: replay(text, status, stream),
		record(finished: { notes: readonly Note[] }) {
			notes = finished.notes
		},
	}
	try {
		const signal = new AbortController().signal
		const answer = await askUpstream({ services: recording, snapshot }, upstream.id, { body, signal })
		if (!options.has('json')) tellNotes(call, notes)
		return describe(answer, notes, asEvents)
	} finally {
		close()
	}
}

function replay(text: string, status: number, stream: boolean): Transport {
	return (_request, _route, handler) => {
		let aborted = false
		setImmediate(() => {
			const contentType = stream ? 'text/event-stream' : 'application/json'
			for (const step of [
				() => handler.head(status, { 'content-type': contentType }),
				() => handler.data(new TextEncoder().encode(text)),
				() => handler.ended(),
			])
				if (!aborted) step()
		})
		return {
			abort() {
				aborted = true
			},
			pause() {},
			resume() {},
		}
	}
}

async function readRequest({ options }: CommandCall): Promise<Record<string, unknown>> {
	const path = options.text('request')
	const messages = [{ role: 'user', content: 'hi' }]
	if (path === undefined) return { model: 'claude-sonnet-5-5', max_tokens: 1024, messages }
	try {
		const request: unknown = JSON.parse(await readTextFile(path))
		if (typeof request === 'object' && request !== null) return { ...request }
	} catch (error) {
		if (error instanceof CliError) throw error
	}
	throw usageError(`${path} is no JSON object`)
}

function readStatus(text = '200'): number {
	if (/^[2-5]\d\d$/.test(text)) return Number(text)
	throw usageError('--status must be an HTTP status: 200, 429')
}

function describe(answer: MessagesAnswer, notes: readonly Note[], asEvents: boolean): CommandResult {
	const { status, json, events } = answer
	const failed = (events.find(({ type }) => type === 'error') ?? (status >= 400 ? json : undefined)) as
		| { error?: { message?: string; type?: string } }
		| undefined
	if (failed !== undefined && !asEvents) {
		const { message = 'no message', type = '' } = failed.error ?? {}
		const sentence = `the client would get ${status} ${type}: ${toOneLine(message)}`
		throw new CliError(exitCodes.upstream, 'upstream-failed', sentence)
	}
	const message = json ?? gatherMessage(events)
	if (asEvents && events.length > 0) {
		const lines = events.flatMap(event => [
			`event: ${String(event.type)}`,
			`data: ${JSON.stringify(event)}`,
			'',
		])
		return { data: { events, notes }, lines }
	}
	return { data: { message, notes }, lines: JSON.stringify(message, null, 2).split('\n') }
}
