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

describe('a limit on the answer', () => {
	test.each<[string, string, number, boolean]>([
		[
			'OpenAI',
			'max_tokens is too large: 128000. This model supports at most 16384 completion tokens, whereas you provided 128000.',
			16_384,
			true,
		],
		[
			'OpenAI',
			"Invalid 'max_tokens': integer above maximum value. Expected a value <= 4096, but got 128000 instead.",
			4096,
			true,
		],
		[
			'DeepSeek (deepseek-ai/DeepSeek-V3#69)',
			'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]',
			8192,
			true,
		],
		[
			'DashScope (open-webui/open-webui#10507)',
			'<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]',
			8192,
			true,
		],
		[
			'Groq (skapadia3214/groq-moa#8)',
			'max_tokens for `llama-3.1-8b-instant` must be less than or equal to 8000',
			8000,
			true,
		],
		[
			'Groq',
			'`max_tokens` must be less than or equal to `40960`, the maximum value for `max_tokens` is less than the `context_window` for this model',
			40_960,
			true,
		],
		[
			'Volcengine',
			'The parameter `max_tokens` specified in the request are not valid: integer above maximum value, expected a value <= 12288, but got 128000 instead.',
			12_288,
			true,
		],
		[
			'Bedrock',
			'The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000.',
			10_000,
			true,
		],
		[
			'vLLM (ogx-ai/ogx#4534): this conversation leaves less',
			"This model's maximum context length is 131072 tokens. However, you requested 128568 tokens (5000 in the messages, 123568 in the completion). Please reduce the length of the messages or completion.",
			126_072,
			false,
		],
		[
			'vLLM',
			"'max_tokens' or 'max_completion_tokens' is too large: 128000. This model's maximum context length is 32768 tokens and your request has 2000 input tokens (128000 > 32768 - 2000).",
			30_768,
			false,
		],
		[
			'vLLM of 2026 (earendil-works/pi#5929)',
			"This model's maximum context length is 131072 tokens. However, you requested 128000 output tokens and your prompt contains 5000 input tokens, for a total of 133000 tokens.",
			126_072,
			false,
		],
		[
			'vLLM, where it stopped counting (vllm-project/vllm#33418): an eighth of the context',
			"This model's maximum context length is 131072 tokens. However, you requested 128000 output tokens and your prompt contains at least 3073 input tokens, for a total of at least 131073 tokens.",
			16_384,
			false,
		],
		[
			'vLLM, where it stopped counting and does not say so',
			"You passed 3073 input tokens and requested 128000 output tokens. However, the model's context length is only 131072 tokens, resulting in a maximum input length of 3072 tokens.",
			16_384,
			false,
		],
		[
			'vLLM: more than the context',
			'max_tokens=128000 cannot be greater than max_model_len=max_total_tokens=32768. Please request fewer output tokens.',
			4096,
			false,
		],
		[
			'SGLang',
			"Requested token count exceeds the model's maximum context length of 131072 tokens. You requested a total of 133072 tokens: 5072 tokens from the input messages and 128000 tokens for the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit.",
			126_000,
			false,
		],
		[
			'Text Generation Inference: the sum is no limit of the answer’s',
			'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 16384. Given: 4000 `inputs` tokens and 128000 `max_new_tokens`',
			12_384,
			false,
		],
	])('%s: %s', (_source, message, limit, lasting) => {
		expect(learnFrom(error(message))).toEqual([{ fact: { kind: 'token-limit', limit }, lasting }])
	})

	test.each([
		[
			'a conversation that fills the context',
			"This model's maximum context length is 8192 tokens. However, you requested 16384 tokens (8100 in the messages, 8284 in the completion).",
		],
		['a limit above what was sent', 'max_tokens: this model supports at most 200000 completion tokens'],
		[
			'a prompt that is too long',
			"This model's maximum context length is 8192 tokens. However, your messages resulted in 10000 tokens.",
		],
	])('%s teaches nothing', (_case, message) => {
		expect(learnFrom(error(message))).toEqual([])
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
