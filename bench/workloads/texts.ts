import { type Answer, stampedPiece } from './answer.ts'
import { tool } from './dialects/common.ts'

export const requestModel = 'claude-sonnet-4-5'

/** A small request for such an answer. */
export function createChatRequest(answer: Answer): Buffer {
	const schema = {
		type: 'object',
		properties: { path: { type: 'string' }, content: { type: 'string' } },
		required: ['path', 'content'],
	}
	const question = 'Explain in a few words why the sky is blue, and why it is red in the evening.'
	const body = {
		model: requestModel,
		max_tokens: 1024,
		messages: [{ role: 'user', content: question }],
		...(answer.kind === 'tool' && {
			tools: [{ name: tool.name, description: 'Writes a file.', input_schema: schema }],
		}),
		...(answer.stream && { stream: true }),
	}
	return Buffer.from(JSON.stringify(body))
}

const wordList = 'light from the sun is scattered by air and blue is scattered more than red so'.split(' ')

const words = (count: number) =>
	Array.from({ length: count }, (_, index) => `${wordList[index % wordList.length]} `)
const prose = (length: number) =>
	words(length / 2)
		.join('')
		.slice(0, length)
const stream = (pieces: string[]): Answer => ({ kind: 'text', pieces, stream: true })

/** An answer of so many words, one word per delta. */
export const wordStream = (count: number): Answer => stream(words(count))
export const stampedStream = (count: number): Answer =>
	stream(Array.from({ length: count }, () => stampedPiece))
export const wholeText = (length: number): Answer => ({
	kind: 'text',
	pieces: [prose(length)],
	stream: false,
})

/** Deltas of 256 characters, as many as give so much in Anthropic's events. */
export function longStream(megabytes: number): Answer {
	const bytesPerEvent = 376
	const piece = prose(256)
	return stream(Array.from({ length: Math.ceil((megabytes * 1e6) / bytesPerEvent) }, () => piece))
}

/** A tool call whose JSON has about `length` characters, in fragments. */
export function toolCall(length: number, fragment: number): Answer {
	const json = JSON.stringify({ path: 'notes.md', content: prose(length - 40) })
	const count = Math.ceil(json.length / fragment)
	const pieces = Array.from({ length: count }, (_, at) => json.slice(at * fragment, (at + 1) * fragment))
	return { kind: 'tool', pieces, stream: true }
}
