import { afterAll, beforeAll, test } from 'vitest'
import { type ScriptedUpstream, startOpenAiUpstream } from '../index.ts'
import {
	assistant,
	base,
	callOf,
	expectRefusal,
	file,
	image,
	type Refused,
	toolAnswer,
	toolWith,
	user,
} from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startOpenAiUpstream()
})
afterAll(() => upstream.close())

const shapes: Refused[] = [
	[
		'an unknown member',
		{ ...base, thinking: {} },
		'Unrecognized request argument supplied: thinking',
		null,
		null,
	],
	[
		'an unknown member of a message',
		{ ...base, messages: [{ ...user, cache_control: {} }] },
		"Unknown parameter: 'messages[0].cache_control'.",
		'messages[0].cache_control',
		'unknown_parameter',
	],
	[
		'an unknown member of a part',
		{ ...base, messages: [{ role: 'user', content: [{ type: 'text', text: 'x', citations: null }] }] },
		"Unknown parameter: 'messages[0].content[0].citations'.",
	],
	[
		'an unknown member of a tool',
		{ ...base, tools: [{ ...toolWith({ type: 'object', properties: {} }), input_schema: {} }] },
		"Unknown parameter: 'tools[0].input_schema'.",
	],
	[
		'reasoning_content, which only other servers know',
		{ ...base, messages: [user, { role: 'assistant', content: 'x', reasoning_content: 'y' }] },
		"Unknown parameter: 'messages[1].reasoning_content'.",
	],
	[
		'no model',
		{ messages: [user] },
		"Missing required parameter: 'model'.",
		'model',
		'missing_required_parameter',
	],
	['no messages', { model: 'gpt-4o' }, "Missing required parameter: 'messages'.", 'messages'],
	[
		'empty messages',
		{ ...base, messages: [] },
		/^Invalid 'messages': empty array\./,
		'messages',
		'empty_array',
	],
	[
		'no content',
		{ ...base, messages: [{ role: 'user' }] },
		"Missing required parameter: 'messages[0].content'.",
	],
	[
		'null content of a user',
		{ ...base, messages: [{ role: 'user', content: null }] },
		/but got null instead/,
		'messages[0].content',
		'invalid_type',
	],
	[
		'a wrong type',
		{ ...base, messages: [{ role: 'user', content: 5 }] },
		"Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an integer instead.",
	],
	[
		'a role that is none',
		{ ...base, messages: [{ role: 'model', content: 'x' }] },
		"Invalid value: 'model'. Supported values are: 'developer', 'system', 'user', 'assistant', 'tool', and 'function'.",
		'messages[0].role',
		'invalid_value',
	],
	[
		'a part that is none',
		{ ...base, messages: [{ role: 'user', content: [{ type: 'image' }] }] },
		/^Invalid value: 'image'/,
		'messages[0].content[0].type',
	],
	[
		'an image in a tool message',
		{
			...base,
			messages: [user, assistant('a'), { role: 'tool', tool_call_id: 'a', content: image('x').content }],
		},
		/^Invalid value: 'image_url'/,
	],
	['an empty list of parts', { ...base, messages: [{ role: 'user', content: [] }] }, /empty array/],
	[
		'an assistant message without anything',
		{ ...base, messages: [user, { role: 'assistant', content: null }] },
		"Invalid value for 'content': expected a string, got null.",
		'messages.[1].content',
	],
	['empty tool_calls', { ...base, messages: [user, { ...assistant('a'), tool_calls: [] }] }, /empty array/],
	[
		'a call id above 40 characters',
		{ ...base, messages: [user, assistant('c'.repeat(41)), toolAnswer('c'.repeat(41))] },
		/maximum length 40, but got a string with length 41/,
		'messages[1].tool_calls[0].id',
		'string_above_max_length',
	],
	[
		'arguments as an object',
		{
			...base,
			messages: [
				user,
				{ ...assistant(), tool_calls: [{ ...callOf('a'), function: { name: 'f', arguments: {} } }] },
			],
		},
		/expected a string, but got an object/,
	],
	[
		'a user above 64 characters',
		{ ...base, user: 'u'.repeat(150) },
		/maximum length 64, but got a string with length 150/,
		'user',
	],
	[
		'a cache key above 64 characters',
		{ ...base, prompt_cache_key: 'k'.repeat(65) },
		/maximum length 64/,
		'prompt_cache_key',
	],
	[
		'five stop sequences',
		{ ...base, stop: ['1', '2', '3', '4', '5'] },
		/maximum length 4, but got an array with length 5/,
		'stop',
		'array_above_max_length',
	],
	['empty tools', { ...base, tools: [] }, /^Invalid 'tools': empty array/, 'tools', 'empty_array'],
	[
		'more than 128 tools',
		{
			...base,
			tools: Array.from({ length: 129 }, (_, n) => ({ type: 'function', function: { name: `f${n}` } })),
		},
		/maximum length 128/,
	],
	[
		'zero tokens',
		{ ...base, max_tokens: 0 },
		"Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
	],
	[
		'a temperature above 2',
		{ ...base, temperature: 2.5 },
		"Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
		'temperature',
		'decimal_above_max_value',
	],
	[
		'metadata values above 512 characters',
		{ ...base, store: true, metadata: { a: 'x'.repeat(513) } },
		/maximum length 512/,
	],
]

const media: Refused[] = [
	[
		'an image that is no address',
		{ ...base, messages: [image('file:///a.png')] },
		/Expected a valid URL/,
		'messages[0].content[0].image_url.url',
	],
	[
		'an image of another kind',
		{ ...base, messages: [image('data:application/pdf;base64,AAAA')] },
		/Only image types/,
		undefined,
		'invalid_image_format',
	],
	[
		'an image that is not base64',
		{ ...base, messages: [image('data:image/png;base64,@@')] },
		/Invalid base64/,
	],
	[
		'a file without a name',
		{ ...base, messages: [file({ file_data: 'data:application/pdf;base64,AAAA' })] },
		/file\.filename'/,
	],
	[
		'a file of bare base64',
		{ ...base, messages: [file({ filename: 'a.pdf', file_data: 'AAAA' })] },
		/base64-encoded data URL/,
	],
	[
		'a file that is two',
		{ ...base, messages: [file({ filename: 'a.pdf', file_data: 'data:a/b;base64,AAAA', file_id: 'f' })] },
		/mutually exclusive/,
	],
]

test.for([...shapes, ...media])('refuses %s', refused => expectRefusal(upstream, refused))
