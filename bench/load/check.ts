import { type Answer, type Dialect, renderAnswer, unstamp } from '../workloads/answer.ts'
import { tool, usage } from '../workloads/dialects/common.ts'
import type { Exchanged } from './exchange.ts'

/** Says what is wrong with an answer; undefined when it is right. */
export type Check = (exchanged: Exchanged) => string | undefined

/** Pass-through answers must be the upstream's bytes; converted ones must mean the same. */
export function createCheck(answer: Answer, expected: Dialect | 'message'): Check {
	const checkBody = expected === 'message' ? createMessageCheck(answer) : createBytesCheck(answer, expected)
	return ({ status, body }) =>
		status === 200 ? checkBody(body) : `status ${status}: ${body.toString('utf8', 0, 200)}`
}

function createBytesCheck(answer: Answer, dialect: Dialect): (body: Buffer) => string | undefined {
	const bytes = Buffer.from(renderAnswer(dialect, answer).join(''))
	return body => {
		if (body.equals(bytes)) return undefined
		return unstamp(body.toString('latin1')) === bytes.toString('latin1')
			? undefined
			: 'not the bytes that were sent'
	}
}

interface Read {
	text: string
	json: string
	name: string
	stopReason: unknown
	inputTokens: unknown
	outputTokens: unknown
	stopped: boolean
}

function createMessageCheck(answer: Answer): (body: Buffer) => string | undefined {
	const whole = answer.pieces.join('')
	return body => {
		const text = body.toString()
		const read = answer.stream ? readEvents(text) : readMessage(text)
		if (!read.stopped) return 'the stream has no message_stop'
		if (answer.kind === 'text' && unstamp(read.text) !== whole) return 'another text'
		if (answer.kind === 'tool' && (read.json !== whole || read.name !== tool.name)) return 'another tool call'
		if (read.stopReason !== (answer.kind === 'tool' ? 'tool_use' : 'end_turn')) {
			return `stop_reason ${read.stopReason}`
		}
		if (read.inputTokens !== usage.input || read.outputTokens !== usage.output) {
			return `usage ${read.inputTokens} in, ${read.outputTokens} out`
		}
		return undefined
	}
}

const nothing: Read = {
	...{ text: '', json: '', name: '', stopReason: undefined },
	...{ inputTokens: undefined, outputTokens: undefined, stopped: false },
}

function readMessage(text: string): Read {
	const message = JSON.parse(text)
	const read = { ...nothing, stopped: true, stopReason: message.stop_reason }
	for (const block of message.content) {
		if (block.type === 'text') read.text += block.text
		if (block.type === 'tool_use')
			Object.assign(read, { name: block.name, json: JSON.stringify(block.input) })
	}
	readUsage(read, message.usage)
	return read
}

function readEvents(text: string): Read {
	const read = { ...nothing }
	for (const part of text.split('\n\n')) {
		const at = part.indexOf('data: ')
		if (at === -1) continue
		const event = JSON.parse(part.slice(at + 6))
		if (event.type === 'message_start') readUsage(read, event.message.usage)
		if (event.type === 'content_block_start') read.name = event.content_block.name ?? read.name
		if (event.delta?.type === 'text_delta') read.text += event.delta.text
		if (event.delta?.type === 'input_json_delta') read.json += event.delta.partial_json
		if (event.type === 'message_delta') {
			read.stopReason = event.delta.stop_reason
			readUsage(read, event.usage)
		}
		if (event.type === 'message_stop') read.stopped = true
	}
	return read
}

function readUsage(read: Read, counts: { input_tokens?: number; output_tokens?: number } | undefined): void {
	read.inputTokens = counts?.input_tokens ?? read.inputTokens
	read.outputTokens = counts?.output_tokens ?? read.outputTokens
}
