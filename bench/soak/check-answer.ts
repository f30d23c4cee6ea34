import { createParser } from 'eventsource-parser'
import { answerText, type UpstreamName, upstreamNames } from './upstreams.ts'

/** What a client made of an answer. */
export type Verdict =
	/** Who answered, and with which model. */
	| { kind: 'right'; upstream: UpstreamName; model: string }
	/** A stream that began and ended with an error event. */
	| { kind: 'broken off'; message: string }
	| { kind: 'wrong'; reason: string }

export function checkJson(text: string, mark: string): Verdict {
	const message = parse(text) as
		| { type?: string; content?: { text?: string }[]; stop_reason?: string }
		| undefined
	if (message?.type !== 'message') return wrong('the JSON is no message')
	if (message.stop_reason !== 'end_turn') return wrong(`stop_reason is ${message.stop_reason}`)
	return checkText(message.content?.map(block => block.text).join('') ?? '', mark)
}

interface Event {
	type: string
	delta?: { text?: string; stop_reason?: string }
	error?: { message: string }
}

export function checkStream(text: string, mark: string): Verdict {
	const events: Event[] = []
	const parser = createParser({ onEvent: ({ data }) => void events.push(JSON.parse(data) as Event) })
	parser.feed(text)
	const told = events.filter(({ type }) => type !== 'ping')
	if (told[0]?.type !== 'message_start') return wrong(`a stream began with ${told[0]?.type}`)
	const last = told.at(-1)
	if (last?.type === 'error') return { kind: 'broken off', message: last.error?.message ?? '' }
	if (last?.type !== 'message_stop') return wrong(`a stream ended with ${last?.type}`)
	const opened = told.filter(({ type }) => type === 'content_block_start').length
	const closed = told.filter(({ type }) => type === 'content_block_stop').length
	if (opened !== 1 || closed !== 1) return wrong(`${opened} blocks were opened, ${closed} closed`)
	if (!told.some(({ delta }) => delta?.stop_reason === 'end_turn'))
		return wrong('a stream without stop_reason')
	return checkText(told.map(({ delta }) => delta?.text ?? '').join(''), mark)
}

function checkText(text: string, mark: string): Verdict {
	const [upstream = '', model = ''] = text.split(' ')
	const name = upstreamNames.find(known => known === upstream)
	if (name === undefined || text !== answerText(name, model, mark))
		return wrong('the text is not what was sent')
	return { kind: 'right', upstream: name, model }
}

const wrong = (reason: string): Verdict => ({ kind: 'wrong', reason })

function parse(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
