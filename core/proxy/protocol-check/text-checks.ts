import { findFailure, no, ok, type ProtocolCheck, partly, readText } from './check.ts'

const sayPong = [{ role: 'user', content: 'Answer with one word: pong' }]

export const textCheck: ProtocolCheck = {
	...{ id: 'text', title: 'text', requests: 1, maxTokens: 64 },
	async run({ ask, model }) {
		const answer = await ask({ model, max_tokens: 64, messages: sayPong })
		const failure = findFailure(answer)
		if (failure) return failure
		if (readText(answer.message) === '') return no('the answer has no text')
		return answer.message?.usage ? ok() : partly('the answer tells no usage')
	},
}

export const streamCheck: ProtocolCheck = {
	...{ id: 'stream', title: 'stream', requests: 1, maxTokens: 64 },
	async run({ ask, model }) {
		const answer = await ask({ model, max_tokens: 64, stream: true, messages: sayPong })
		const failure = findFailure(answer)
		if (failure) return failure
		const types = answer.events.map(({ type }) => type)
		if (types[0] !== 'message_start' || types.at(-1) !== 'message_stop') return no('the stream is not whole')
		if (readText(answer.message) === '') return no('the stream has no text')
		const { output_tokens: tokens = 0 } = answer.message?.usage ?? {}
		return tokens > 0 ? ok() : partly('the stream tells no usage')
	},
}

export const structuredCheck: ProtocolCheck = {
	...{ id: 'structured', title: 'structured output', requests: 1, maxTokens: 256 },
	async run({ ask, model }) {
		const schema = {
			type: 'object',
			properties: { sum: { type: 'integer' } },
			required: ['sum'],
			additionalProperties: false,
		}
		const answer = await ask({
			...{ model, max_tokens: 256, output_config: { format: { type: 'json_schema', schema } } },
			messages: [{ role: 'user', content: 'What is 17 + 25?' }],
		})
		const failure = findFailure(answer)
		if (failure) return failure
		try {
			const { sum } = JSON.parse(readText(answer.message)) as { sum?: unknown }
			return typeof sum === 'number' ? ok() : no('the answer does not follow the schema')
		} catch {
			return no('the answer is no JSON')
		}
	},
}

export const countCheck: ProtocolCheck = {
	...{ id: 'count-tokens', title: 'count_tokens', requests: 1, maxTokens: 0 },
	async run({ count, model }) {
		const counted = await count({ model, messages: sayPong })
		if (counted === undefined) return no('it cannot be counted')
		return counted.source === 'upstream'
			? ok(`${counted.tokens} tokens`)
			: ok('the upstream has no counter: the proxy estimates')
	},
}

export const abortCheck: ProtocolCheck = {
	...{ id: 'abort', title: 'abort', requests: 1, maxTokens: 512 },
	async run({ ask, model }) {
		const stop = new AbortController()
		const answer = await ask(
			{
				...{ model, max_tokens: 512, stream: true },
				messages: [{ role: 'user', content: 'Count from 1 to 300 in words, one per line.' }],
			},
			{
				signal: stop.signal,
				onEvent: ({ type }) => {
					if (type === 'content_block_delta') stop.abort()
				},
			},
		)
		if (!stop.signal.aborted) return findFailure(answer) ?? no('the stream had no content to stop at')
		const whole = answer.events.some(({ type }) => type === 'message_stop')
		return whole ? ok('the answer was over before it could be stopped') : ok()
	},
}
