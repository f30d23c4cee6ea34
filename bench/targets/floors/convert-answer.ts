// biome-ignore-all lint/suspicious/noExplicitAny: a floor has no schema

const toUsage = (usage: any) => ({
	input_tokens: usage.prompt_tokens,
	output_tokens: usage.completion_tokens,
})
const toStopReason = (reason: string) => (reason === 'tool_calls' ? 'tool_use' : 'end_turn')

/** A completion as an Anthropic message. */
export function toMessage(completion: any, model: string): object {
	const [{ message, finish_reason }] = completion.choices
	const content: object[] = message.content ? [{ type: 'text', text: message.content }] : []
	for (const { id, function: called } of message.tool_calls ?? []) {
		content.push({ type: 'tool_use', id, name: called.name, input: JSON.parse(called.arguments) })
	}
	return {
		...{ id: completion.id, type: 'message', role: 'assistant', model, content },
		...{ stop_reason: toStopReason(finish_reason), stop_sequence: null, usage: toUsage(completion.usage) },
	}
}

const event = (data: { type: string; [name: string]: unknown }) =>
	`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

/** Text of a Chat Completions stream in, Anthropic events out; one JSON.parse per event. */
export function createStreamConverter(model: string): (text: string) => string {
	let rest = ''
	let index = -1
	let stopReason = 'end_turn'

	const open = (block: object) => {
		const closed = index === -1 ? '' : event({ type: 'content_block_stop', index })
		index++
		return `${closed}${event({ type: 'content_block_start', index, content_block: block })}`
	}
	const delta = (body: object) => event({ type: 'content_block_delta', index, delta: body })

	const convertDelta = ({ role, content, tool_calls }: any, id: string): string => {
		let events = ''
		if (role) {
			const usage = { input_tokens: 0, output_tokens: 0 }
			const message = { id, type: 'message', role, model, content: [], stop_reason: null, usage }
			events += event({ type: 'message_start', message })
		}
		if (content) {
			if (index === -1) events += open({ type: 'text', text: '' })
			events += delta({ type: 'text_delta', text: content })
		}
		for (const call of tool_calls ?? []) {
			if (call.id) events += open({ type: 'tool_use', id: call.id, name: call.function.name, input: {} })
			const json = call.function.arguments
			if (json) events += delta({ type: 'input_json_delta', partial_json: json })
		}
		return events
	}

	const convertEvent = (data: string): string => {
		if (data === '[DONE]') return ''
		const { id, choices, usage } = JSON.parse(data)
		const [choice] = choices
		let events = choice ? convertDelta(choice.delta, id) : ''
		if (choice?.finish_reason) stopReason = toStopReason(choice.finish_reason)
		if (!usage) return events
		events += event({ type: 'content_block_stop', index })
		const ended = { stop_reason: stopReason, stop_sequence: null }
		events += event({ type: 'message_delta', delta: ended, usage: toUsage(usage) })
		return events + event({ type: 'message_stop' })
	}

	return text => {
		rest += text
		let events = ''
		let start = 0
		for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n', start)) {
			events += convertEvent(rest.slice(start + 'data: '.length, end))
			start = end + 2
		}
		rest = rest.slice(start)
		return events
	}
}
