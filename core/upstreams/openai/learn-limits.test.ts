import { describe, expect, test } from 'vitest'
import { error, learnFrom } from './learn-testing.ts'

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
			'Claude behind a relay',
			'input length and `max_tokens` exceed context limit: 188240 + 128000 > 200000, decrease input length or `max_tokens` and try again',
			11_760,
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
