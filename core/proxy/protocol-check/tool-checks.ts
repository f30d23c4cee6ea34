import {
	findFailure,
	type Judgement,
	listCalls,
	no,
	ok,
	type ProtocolCheck,
	partly,
	readText,
	type ToolCall,
} from './check.ts'

const weather = {
	name: 'get_weather',
	description: 'The weather of a city now',
	input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const listFiles = {
	name: 'list_files',
	description: 'Lists the files of the current folder; takes no arguments',
	input_schema: { type: 'object', properties: {} },
}

const hasCity = ({ name, input }: ToolCall) =>
	name === weather.name && typeof (input as { city?: unknown } | null)?.city === 'string'

export const toolCheck: ProtocolCheck = {
	...{ id: 'tool', title: 'tool call', requests: 1, maxTokens: 256 },
	async run({ ask, model }) {
		const answer = await ask({
			...{ model, max_tokens: 256, stream: true, tools: [weather], tool_choice: { type: 'any' } },
			messages: [{ role: 'user', content: 'What is the weather in Paris?' }],
		})
		const failure = findFailure(answer)
		if (failure) return failure
		const [call] = listCalls(answer.message)
		if (!call) return no('it answers with text instead of calling the tool')
		if (!hasCity(call)) return no('the call lacks its argument')
		const reason = answer.message?.stop_reason
		return reason === 'tool_use' ? ok() : partly(`the stop reason is ${reason}, not tool_use`)
	},
}

export const parallelCheck: ProtocolCheck = {
	...{ id: 'parallel-tools', title: 'parallel tools', requests: 1, maxTokens: 384 },
	async run({ ask, model }) {
		const answer = await ask({
			...{ model, max_tokens: 384, stream: true, tools: [weather], tool_choice: { type: 'any' } },
			messages: [
				{
					role: 'user',
					content: 'What is the weather in Paris and in Tokyo? Call the tool for both at once.',
				},
			],
		})
		const failure = findFailure(answer)
		if (failure) return failure
		const calls = listCalls(answer.message)
		if (calls.length === 0) return no('it calls no tool')
		if (new Set(calls.map(({ id }) => id)).size < calls.length) return no('two calls have the same id')
		if (!calls.every(hasCity)) return no('a call lacks its argument')
		return calls.length > 1 ? ok() : partly('one call at a time')
	},
}

export const emptyToolCheck: ProtocolCheck = {
	...{ id: 'empty-tool', title: 'tool without arguments', requests: 1, maxTokens: 256 },
	async run({ ask, model }) {
		const answer = await ask({
			...{ model, max_tokens: 256, stream: true, tools: [listFiles], tool_choice: { type: 'any' } },
			messages: [{ role: 'user', content: 'Which files are here?' }],
		})
		const failure = findFailure(answer)
		if (failure) return failure
		const [call] = listCalls(answer.message)
		if (!call) return no('it calls no tool')
		return typeof call.input === 'object' && call.input !== null ? ok() : no('the input is no object')
	},
}

/** Thinking that called a tool has to go back with its result, signature and all. */
export const thinkingCheck: ProtocolCheck = {
	...{ id: 'thinking', title: 'thinking, and its second turn', requests: 2, maxTokens: 4096 },
	async run({ ask, model }) {
		const common = {
			...{ model, max_tokens: 2048, stream: true, tools: [weather] },
			thinking: { type: 'enabled', budget_tokens: 1024 },
		}
		const question = { role: 'user', content: 'Use the tool to look up the weather in Paris, then tell me.' }
		const first = await ask({ ...common, messages: [question] })
		const failure = findFailure(first)
		if (failure) return failure
		const { content = [] } = first.message ?? {}
		const results = listCalls(first.message).map(({ id }) => ({
			...{ type: 'tool_result', tool_use_id: id, content: 'sunny, 21 degrees' },
		}))
		if (results.length === 0) return partly('it called no tool, so that the second turn could not be tried')
		const turns = [question, { role: 'assistant', content }, { role: 'user', content: results }]
		const second = await ask({ ...common, messages: turns })
		return judgeSecond(
			second,
			content.some(({ type }) => type === 'thinking'),
		)
	},
}

function judgeSecond(second: Parameters<typeof findFailure>[0], thinks: boolean): Judgement {
	const failure = findFailure(second)
	if (failure) return { ...failure, detail: `second turn: ${failure.detail}` }
	if (readText(second.message) === '' && listCalls(second.message).length === 0) {
		return no('the second turn has no answer')
	}
	return thinks ? ok() : partly('it shows no thinking')
}
