import {
	type CheckedAnswer,
	findFailure,
	type Judgement,
	no,
	ok,
	type ProtocolCheck,
	partly,
	readText,
} from './check.ts'

/** 64 x 64 pixels, all of them red. */
const redSquare =
	'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYrsKZeS0BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEDgsqnc8OJg6Ln3AAAAAElFTkSuQmCC'
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: redSquare } }
const question = { type: 'text', text: 'Which colour is the image? Answer with one word.' }
const maxTokens = 128

export const imageCheck: ProtocolCheck = {
	...{ id: 'image', title: 'image', requests: 1, maxTokens },
	async run({ ask, model }) {
		const messages = [{ role: 'user', content: [image, question] }]
		return judge(await ask({ model, max_tokens: maxTokens, messages }))
	},
}

export const toolImageCheck: ProtocolCheck = {
	...{ id: 'tool-image', title: 'image in a tool result', requests: 1, maxTokens },
	async run({ ask, model }) {
		const id = 'toolu_check_1'
		const tool = {
			name: 'screenshot',
			description: 'The screen',
			input_schema: { type: 'object', properties: {} },
		}
		return judge(
			await ask({
				...{ model, max_tokens: maxTokens, tools: [tool] },
				messages: [
					{ role: 'user', content: 'Take a screenshot. Which colour is it? Answer with one word.' },
					{ role: 'assistant', content: [{ type: 'tool_use', id, name: tool.name, input: {} }] },
					{ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: [image] }] },
				],
			}),
		)
	},
}

function judge(answer: CheckedAnswer): Judgement {
	const failure = findFailure(answer)
	if (failure) return failure
	const left = answer.notes.find(({ detail }) => /\bimages?\b/i.test(detail))
	if (left) return no(left.detail)
	const text = readText(answer.message)
	if (text === '') return no('the answer has no text')
	return /\bred\b|红|rot|rouge/i.test(text) ? ok() : partly('it answers, and does not see the colour')
}
