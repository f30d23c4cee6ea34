import { afterAll, beforeAll, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from '../index.ts'
import { assistant, base, expectRefusal, type Refused, toolAnswer, toolWith, user } from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startOpenAiUpstream()
})
afterAll(() => upstream.close())

const tools: Refused[] = [
	[
		'a tool name with a dot',
		{ ...base, tools: [{ type: 'function', function: { name: 'a.b' } }] },
		/'\^\[a-zA-Z0-9_-\]\+\$'/,
		'tools[0].function.name',
	],
	[
		'a tool name of 65 characters',
		{ ...base, tools: [{ type: 'function', function: { name: 'n'.repeat(65) } }] },
		/maximum length 64/,
	],
	[
		'parameters without a type',
		{ ...base, tools: [toolWith({ properties: {} })] },
		`Invalid schema for function 'f': schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`,
		'tools[0].function.parameters',
		'invalid_function_parameters',
	],
	[
		'parameters that are a string schema',
		{ ...base, tools: [toolWith({ type: 'string' })] },
		/got 'type: "string"'/,
	],
	[
		'an object schema without properties',
		{ ...base, tools: [toolWith({ type: 'object' })] },
		/object schema missing properties/,
	],
	[
		'an array schema without items',
		{ ...base, tools: [toolWith({ type: 'object', properties: { a: { type: 'array' } } })] },
		/In context=\('properties', 'a'\), array schema missing items/,
	],
	[
		'anyOf at the top',
		{ ...base, tools: [toolWith({ type: 'object', properties: {}, anyOf: [] })] },
		/not have 'oneOf'\/'anyOf'/,
	],
	[
		'a strict schema that is open',
		{ ...base, tools: [toolWith({ type: 'object', properties: {} }, { strict: true })] },
		/'additionalProperties' is required/,
	],
	[
		'tool_choice without tools',
		{ ...base, tool_choice: 'auto' },
		"Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
		'tool_choice',
	],
	[
		'parallel_tool_calls without tools',
		{ ...base, parallel_tool_calls: true },
		/only allowed when 'tools' are specified/,
	],
	[
		'a choice of a tool that is not there',
		{
			...base,
			tools: [toolWith({ type: 'object', properties: {} })],
			tool_choice: { type: 'function', function: { name: 'g' } },
		},
		/'g' not found/,
	],
	[
		'a tool message without a call',
		{ ...base, messages: [user, toolAnswer('a')] },
		/must be a response to a preceeding message with 'tool_calls'/,
		'messages.[1].role',
		null,
	],
	[
		'a tool message for another call',
		{ ...base, messages: [user, assistant('a'), toolAnswer('b')] },
		/'tool_call_id' of 'b' not found/,
	],
	[
		'a call without its answer',
		{ ...base, messages: [user, assistant('a', 'b'), toolAnswer('a'), user] },
		/did not have response messages: b$/,
		'messages.[3].role',
	],
	[
		'a user message between call and answer',
		{ ...base, messages: [user, assistant('a'), user, toolAnswer('a')] },
		/did not have response messages: a$/,
	],
	[
		'a call as the last message',
		{ ...base, messages: [user, assistant('a')] },
		/did not have response messages: a$/,
	],
	[
		'an answer given twice',
		{ ...base, messages: [user, assistant('a'), toolAnswer('a'), toolAnswer('a')] },
		/not found in 'tool_calls'/,
	],
	[
		'an orphan after a finished turn',
		{ ...base, messages: [user, assistant('a'), toolAnswer('a'), user, toolAnswer('a')] },
		/must be a response/,
	],
]

const models: Refused[] = [
	[
		'tools with an effort on gpt-5.4',
		{ ...base, model: 'gpt-5.4', reasoning_effort: 'low', tools: [toolWith(undefined)] },
		'Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. Please use /v1/responses instead.',
		'reasoning_effort',
		null,
	],
	[
		'tools without an effort on gpt-5.6',
		{ ...base, model: 'gpt-5.6-terra', tools: [toolWith(undefined)] },
		/gpt-5\.6-terra in \/v1\/chat\/completions\. .* or set reasoning_effort to 'none'\.$/,
	],
	[
		'max_tokens on gpt-5',
		{ ...base, model: 'gpt-5', max_tokens: 9 },
		"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
		'max_tokens',
		'unsupported_parameter',
	],
	['max_tokens on o3', { ...base, model: 'o3', max_tokens: 9 }, /Use 'max_completion_tokens' instead/],
	[
		'temperature on gpt-5',
		{ ...base, model: 'gpt-5', temperature: 0.5 },
		"Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
		'temperature',
		'unsupported_value',
	],
	['top_p on o3', { ...base, model: 'o3', top_p: 0.5 }, /^Unsupported value: 'top_p'/],
	[
		'stop on o3',
		{ ...base, model: 'o3', stop: ['x'] },
		"Unsupported parameter: 'stop' is not supported with this model.",
		'stop',
	],
	[
		'minimal effort on o3',
		{ ...base, model: 'o3', reasoning_effort: 'minimal' },
		"Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'.",
		'reasoning_effort',
		'unsupported_value',
	],
	[
		'xhigh effort on gpt-5.1',
		{ ...base, model: 'gpt-5.1', reasoning_effort: 'xhigh' },
		/'none', 'low', 'medium', and 'high'/,
	],
	[
		'effort on gpt-4o',
		{ ...base, reasoning_effort: 'low' },
		'Unrecognized request argument supplied: reasoning_effort',
		null,
		null,
	],
	['an effort that is none', { ...base, model: 'o3', reasoning_effort: 'huge' }, /^Invalid value: 'huge'/],
	[
		'more tokens than the model has',
		{ ...base, max_tokens: 32_000 },
		'max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.',
		'max_tokens',
		'invalid_value',
	],
	[
		'both token limits',
		{ ...base, max_tokens: 5, max_completion_tokens: 5 },
		/at the same time is not supported/,
	],
]

const combinations: Refused[] = [
	[
		'stream_options without stream',
		{ ...base, stream_options: { include_usage: true } },
		"The 'stream_options' parameter is only allowed when 'stream' is enabled.",
		'stream_options',
	],
	[
		'metadata without store',
		{ ...base, metadata: { a: 'b' } },
		"The 'metadata' parameter is only allowed when 'store' is enabled.",
	],
	[
		'17 metadata pairs',
		{
			...base,
			store: true,
			metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, 'v'])),
		},
		/at most 16 properties/,
	],
	[
		'json_object without the word',
		{ ...base, response_format: { type: 'json_object' } },
		/must contain the word 'json'/,
	],
]

test.for([...tools, ...models, ...combinations])('refuses %s', refused => expectRefusal(upstream, refused))
