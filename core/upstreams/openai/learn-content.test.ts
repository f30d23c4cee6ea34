import { describe, expect, test } from 'vitest'
import { error, full, learnFrom, noField, tool, user } from './learn-testing.ts'

const image = {
	role: 'user',
	content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
}
const file = { role: 'user', content: [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:,' } }] }
const answer = { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'function', function: {} }] }

describe('roles', () => {
	const developer = { ...full, messages: [user, { role: 'developer', content: 'x' }] }
	test.each<[string, string, 'system' | 'developer', object]>([
		[
			'DeepSeek (num-scope/pix#34)',
			'Failed to deserialize the JSON body into the target type: messages[1].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`, `latest_reminder` at line 1 column 60',
			'developer',
			developer,
		],
		[
			'OpenAI',
			"Unsupported value: 'messages[1].role' does not support 'developer' with this model.",
			'developer',
			developer,
		],
		[
			'Azure',
			"Invalid value: 'developer'. Supported values are: 'system', 'assistant', 'user', 'function', and 'tool'.",
			'developer',
			developer,
		],
		['Gemma’s template (sgl-project/sglang#892)', 'System role not supported', 'system', full],
		[
			'OpenAI’s o1-mini',
			"Unsupported value: 'messages[0].role' does not support 'system' with this model.",
			'system',
			full,
		],
	])('%s', (_source, message, role, sent) => {
		expect(learnFrom(error(message), sent)).toEqual([{ fact: { kind: 'no-role', role }, lasting: true }])
	})
})

describe('images and documents', () => {
	const withImage = { ...full, messages: [image] }
	test.each<[string, string, number]>([
		['OpenAI', 'Invalid content type. image_url is only supported by certain models.', 400],
		[
			'OpenRouter, MiMo (JohnnyZ93/oai-compatible-copilot#229)',
			'No endpoints found that support image input',
			404,
		],
		['Ollama (ollama/ollama#17301)', 'this model does not support image input (ref: b8bd630e)', 400],
		[
			'DeepSeek (DayuanJiang/next-ai-draw-io#55)',
			'Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` at line 1 column 60',
			400,
		],
		['vLLM', 'Qwen/Qwen2.5-7B is not a multimodal model', 400],
		['vLLM', 'At most 0 image(s) may be provided in one request.', 400],
		[
			'llama.cpp',
			'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
			500,
		],
		['Mistral', 'Image input is not enabled for this model', 400],
		['Groq', 'messages[0].content must be a string', 400],
		['Zhipu', "messages.content.type 参数非法，取值范围 ['text']", 400],
	])('%s: %s', (_source, message, status) => {
		expect(learnFrom(error(message), withImage, status)).toEqual([
			{ fact: { kind: 'no-media', media: 'image' }, lasting: true },
		])
	})

	test.each([
		[
			'OpenAI',
			"Invalid value: 'file'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', and 'audio'.",
		],
		['OpenAI', 'This model does not support file content types.'],
		['OpenRouter', 'No endpoints found that support file input'],
		['a server in Rust', 'unknown variant `file`, expected one of `text`, `image_url`'],
	])('%s, a file: %s', (_source, message) => {
		expect(learnFrom(error(message), { ...full, messages: [file] })).toEqual([
			{ fact: { kind: 'no-media', media: 'document' }, lasting: true },
		])
	})

	test('without an image in the request nothing is learned', () => {
		expect(learnFrom(error('this model does not support image input'))).toEqual([])
	})

	test('a broken image is no lack of the model', () => {
		expect(learnFrom(error('Invalid base64 image_url.'), withImage)).toEqual([])
	})
})

describe('reasoning_content (trap 10)', () => {
	const without = { ...full, messages: [user, answer] }
	const within = { ...full, messages: [user, { ...answer, reasoning_content: 'hm' }] }
	test.each([
		['DeepSeek', 'Missing `reasoning_content` field in the assistant message at message index 1.'],
		['DeepSeek', 'The reasoning_content in the thinking mode must be passed back to the API.'],
		[
			'Moonshot',
			'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
		],
	])('%s wants it', (_source, message) => {
		expect(learnFrom(error(message), without)).toEqual([
			{ fact: { kind: 'reasoning-content', wanted: true }, lasting: true },
		])
	})

	test.each<[string, unknown]>([
		[
			'Groq',
			error(
				"'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
			),
		],
		['OpenAI', error("Unknown parameter: 'messages[1].reasoning_content'.")],
		[
			'Mistral (charmbracelet/crush#1590)',
			{
				detail: [
					{
						type: 'extra_forbidden',
						loc: ['body', 'messages', 1, 'assistant', 'reasoning_content'],
						msg: 'Extra inputs are not permitted',
					},
				],
			},
		],
	])('%s refuses it', (_source, body) => {
		expect(learnFrom(body, within, 422)).toEqual([
			{ fact: { kind: 'reasoning-content', wanted: false }, lasting: true },
		])
	})
})

describe('schemas', () => {
	const schema = { type: 'object', properties: { minItems: { type: 'array', items: {}, minItems: 1 } } }
	const sent = { ...full, tools: [tool({ ...schema, $schema: 'x', additionalProperties: false })] }
	test('OpenAI names one keyword', () => {
		const message =
			"Invalid schema for function 'f': In context=('properties', 'minItems'), 'minItems' is not permitted."
		expect(learnFrom(error(message), sent)).toEqual([
			{ fact: { kind: 'no-keyword', keyword: 'minItems', root: false }, lasting: true },
		])
	})

	test('Gemini behind an OpenAI-compatible front names them all (openswarm-ai/openswarm#24)', () => {
		const at = "at 'tools[0].function_declarations[0].parameters': Cannot find field."
		const names = ['$schema', 'additionalProperties', 'propertyNames']
		const message = names
			.map(name => `Invalid JSON payload received. Unknown name "${name}" ${at}`)
			.join('\n')
		// `propertyNames` is in none of the schemas that were sent.
		expect(learnFrom([{ error: { message, code: 400 } }], sent).map(({ fact }) => fact)).toEqual([
			{ kind: 'no-keyword', keyword: '$schema', root: false },
			{ kind: 'no-keyword', keyword: 'additionalProperties', root: false },
		])
	})

	test.each([
		// https://github.com/musistudio/claude-code-router/issues/708
		{
			message: "Unsupported JSON schema fields: {'minItems', 'items'}",
			type: 'invalid_request_error',
			param: 'response_format',
			code: 'wrong_api_format',
		},
		// https://github.com/musistudio/claude-code-router/issues/338
		error('Provider returned error', {
			code: 400,
			metadata: { raw: '{"message":"Unsupported JSON schema fields: [\\"items\\", \\"minItems\\"]"}' },
		}),
	])('Cerebras lists them, and names response_format when it means tools: %j', body => {
		const { response_format: _, ...withoutFormat } = sent
		expect(learnFrom(body, withoutFormat)).toEqual([
			{ fact: { kind: 'no-keyword', keyword: 'minItems', root: false }, lasting: true },
		])
	})

	test('OpenAI refuses alternatives at the top level', () => {
		const message =
			"Invalid schema for function 'f': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
		const union = { ...full, tools: [tool({ type: 'object', properties: {}, anyOf: [{ required: ['a'] }] })] }
		expect(learnFrom(error(message), union)).toEqual([
			{ fact: { kind: 'no-keyword', keyword: 'anyOf', root: true }, lasting: true },
		])
	})

	describe('strict tools', () => {
		const strict = { type: 'function', function: { name: 'g', parameters: schema, strict: true } }
		const withStrict = { ...sent, tools: [...sent.tools, strict] }
		const fact = noField('tools.*.function.strict')

		test.each([
			error("Unknown parameter: 'tools[1].function.strict'.", { param: 'tools[1].function.strict' }),
			{
				detail: [{ type: 'extra_forbidden', loc: ['body', 'tools', 1, 'function', 'strict'], msg: 'Extra' }],
			},
			error("Unsupported parameter: 'strict' is not supported with this model."),
		])('are not known to some servers: %j', body => {
			expect(learnFrom(body, withStrict)).toEqual([{ fact, lasting: true }])
		})

		test('whose schema breaks a rule are sent without it, this once', () => {
			const message =
				"Invalid schema for function 'g': In context=('properties', 'minItems'), 'minItems' is not permitted."
			expect(learnFrom(error(message), withStrict)).toEqual([{ fact, lasting: false }])
			// The schema of a tool that is not strict is itself at fault.
			expect(learnFrom(error(message.replace("'g'", "'f'")), withStrict)).toMatchObject([
				{ fact: { kind: 'no-keyword', keyword: 'minItems' } },
			])
		})
	})

	test('a schema that breaks strict mode is sent without it, this once', () => {
		const message =
			"Invalid schema for response_format 'answer': In context=(), 'additionalProperties' is required to be supplied and to be false."
		expect(learnFrom(error(message))).toEqual([
			{ fact: noField('response_format.json_schema.strict'), lasting: false },
		])
	})
})
