import { describe, expect, test } from 'vitest'
import type { LearnedFact } from '../../config/learned-facts.ts'
import { learn } from './learn.ts'
import { error, full, learnFrom, noField } from './learn-testing.ts'

/** What each server really answered, and where that is documented. */
const fieldCases: [string, unknown, LearnedFact, object?][] = [
	[
		'OpenAI, reasoning models (openai/openai-python#1850)',
		error(
			"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
			{ param: 'max_tokens', code: 'unsupported_parameter' },
		),
		{ kind: 'token-field', field: 'max_completion_tokens' },
		{ ...full, max_completion_tokens: undefined, max_tokens: 10 },
	],
	[
		'an old server (OpenAI of 2023)',
		error('Unrecognized request argument supplied: max_completion_tokens'),
		{ kind: 'token-field', field: 'max_tokens' },
	],
	[
		'OpenAI of 2023',
		error('Unrecognized request argument supplied: stream_options'),
		noField('stream_options'),
	],
	[
		'OpenAI today',
		error("Unknown parameter: 'parallel_tool_calls'.", {
			param: 'parallel_tool_calls',
			code: 'unknown_parameter',
		}),
		noField('parallel_tool_calls'),
	],
	[
		'OpenAI, temperature of a reasoning model',
		error(
			"Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
			{ param: 'temperature', code: 'unsupported_value' },
		),
		noField('temperature'),
	],
	[
		'OpenAI, an organisation that is not verified (continuedev/continue#7129)',
		error(
			'Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.',
			{ param: 'stream', code: 'unsupported_value' },
		),
		noField('stream'),
	],
	[
		'a server without options of streams',
		error('This server does not support stream options: stream_options is not supported'),
		noField('stream_options'),
	],
	[
		'OpenAI, stop of a reasoning model',
		error("Unsupported parameter: 'stop' is not supported with this model."),
		noField('stop'),
	],
	[
		'Mistral (mistralai/platform-docs-public#7): a list as JSON text in the message',
		{
			object: 'error',
			message:
				'{"detail":[{"type":"extra_forbidden","loc":["body","parallel_tool_calls"],"msg":"Extra inputs are not permitted","input":false,"url":"https://errors.pydantic.dev/2.5/v/extra_forbidden"}]}',
			type: 'internal_error_proxy',
			param: null,
			code: '1000',
		},
		noField('parallel_tool_calls'),
	],
	[
		'Mistral (crewAIInc/crewAI#60): a list as JSON in the message',
		{
			object: 'error',
			message: {
				detail: [
					{
						type: 'extra_forbidden',
						loc: ['body', 'prompt_cache_key'],
						msg: 'Extra inputs are not permitted',
					},
				],
			},
			type: 'invalid_request_error',
		},
		noField('prompt_cache_key'),
	],
	[
		'FastAPI',
		{
			detail: [
				{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' },
			],
		},
		noField('stream_options'),
	],
	[
		'vLLM (gpustack/gpustack#429): the list as Python prints it',
		{
			object: 'error',
			message:
				"[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted', 'input': {'include_usage': True}}]",
			type: 'BadRequestError',
		},
		noField('stream_options'),
	],
	[
		'xAI (chenyme/grok2api#814)',
		{
			code: 'invalid-argument',
			error: 'Model grok-4.20-0309-reasoning does not support parameter reasoningEffort.',
		},
		noField('reasoning_effort'),
	],
	['xAI', { error: 'Argument not supported on this model: stop' }, noField('stop')],
	[
		'Groq',
		error("property 'parallel_tool_calls' is unsupported, did you mean 'tool_choice'?"),
		noField('parallel_tool_calls'),
	],
	['DeepSeek', error('deepseek-reasoner does not support this tool_choice'), noField('tool_choice')],
	['DeepSeek V4', error('Thinking mode does not support this tool_choice'), noField('tool_choice')],
	[
		'DashScope (QwenLM/qwen-code#7659)',
		error(
			'<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode',
		),
		noField('tool_choice'),
	],
	[
		'Moonshot',
		error("tool_choice 'specified' is incompatible with thinking enabled"),
		noField('tool_choice'),
	],
	[
		'Moonshot (anomalyco/opencode#10811)',
		error('invalid temperature: only 1 is allowed for this model'),
		noField('temperature'),
	],
	[
		'Volcengine',
		error(
			'The parameter `temperature` specified in the request are not valid: this model only supports 1. Request id: 02',
		),
		noField('temperature'),
	],
	[
		'Fireworks',
		error("Extra inputs are not permitted, field: 'prompt_cache_key', value: 'k'"),
		noField('prompt_cache_key'),
	],
	[
		'Groq',
		error('This model does not support response format `json_schema`. See supported models at the docs.'),
		noField('response_format'),
	],
	[
		'Groq (vercel/ai#7808)',
		error(
			"'response_format' : one of the following must be satisfied[('response_format.type' : value is not one of the allowed values ['text'])]",
		),
		noField('response_format'),
	],
	['DeepSeek', error('This response_format type is unavailable now'), noField('response_format')],
	[
		'a server in Rust',
		error('Failed to deserialize: unknown field `prompt_cache_key`'),
		noField('prompt_cache_key'),
	],
	['a server in Go', error('json: unknown field "top_p"'), noField('top_p')],
	[
		'Databricks',
		{ error_code: 'BAD_REQUEST', message: "Extra parameters ['stream_options'] are not allowed" },
		noField('stream_options'),
	],
	['a server that says nothing', 'Bad Request', noField('stream_options')],
]

describe('a field that is not taken', () => {
	test.each(fieldCases)('%s', (_source, body, fact, sent) => {
		expect(learnFrom(body, sent)).toEqual([{ fact, lasting: true }])
	})

	test.each([
		['Groq', 'json mode cannot be combined with tool/function calling', 'response_format'],
		[
			'Bedrock',
			'`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
			'top_p',
		],
		[
			'Claude behind a relay (egoist/chatwise-releases#1348)',
			'`temperature` may only be set to 1 when thinking is enabled.',
			'temperature',
		],
	])('%s: what excludes something else is true of this request only', (_source, message, path) => {
		expect(learnFrom(error(message))).toEqual([{ fact: noField(path), lasting: false }])
	})

	test('several fields of one list are learned at once', () => {
		const detail = ['stream_options', 'parallel_tool_calls'].map(name => ({
			type: 'extra_forbidden',
			loc: ['body', name],
			msg: 'Extra inputs are not permitted',
		}))
		expect(learnFrom({ detail }, full, 422).map(({ fact }) => fact)).toEqual([
			noField('stream_options'),
			noField('parallel_tool_calls'),
		])
	})

	test.each([
		['a field that was not sent', "Unknown parameter: 'top_k'."],
		['messages', "Unknown parameter: 'messages'."],
		['the model', "Unsupported parameter: 'model'"],
		['tools, without which nothing works', 'Unrecognized request argument supplied: tools'],
		[
			'a wrong order of messages',
			"Invalid parameter: messages with role 'tool' must be a response to a preceeding message",
		],
		['a model that does not exist', 'The model `m` does not exist or you do not have access to it.'],
		[
			'a fault of the client',
			"Invalid type for 'messages[0].content': expected a string, but got an integer instead.",
		],
	])('%s teaches nothing', (_case, message) => {
		expect(learnFrom(error(message))).toEqual([])
	})

	test('a body that is no JSON teaches nothing and throws nothing', () => {
		const outgoing = { method: 'POST' as const, url: 'http://x', headers: {}, body: 'no JSON' }
		expect(learn({ class: 'client', status: 400, message: 'x' }, outgoing)).toEqual([])
	})
})

describe('efforts', () => {
	test.each<[string, string, string[]]>([
		[
			'OpenAI',
			"Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. Supported values are: 'low', 'medium', and 'high'.",
			['low', 'medium', 'high'],
		],
		['Groq (earendil-works/pi#1745)', 'reasoning_effort must be one of none or default', ['none', 'default']],
		[
			'Groq (iamsrikanthnani/pluely#219)',
			'`reasoning_effort` must be one of `none` or `default`',
			['none', 'default'],
		],
		['vLLM', "reasoning_effort: Input should be 'low', 'medium' or 'high'", ['low', 'medium', 'high']],
		[
			'a relay (nguyenphutrong/quotio#287)',
			'level "xhigh" not supported, valid levels: low, medium, high',
			['low', 'medium', 'high'],
		],
	])('%s', (_source, message, values) => {
		expect(learnFrom(error(message))).toEqual([{ fact: { kind: 'efforts', values }, lasting: true }])
	})

	test('OpenAI: tools and reasoning exclude each other (openai/openai-openapi#541)', () => {
		const message =
			"Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'."
		expect(learnFrom(error(message))).toEqual([
			{ fact: { kind: 'no-effort-with-tools', off: true }, lasting: true },
		])
	})
})
