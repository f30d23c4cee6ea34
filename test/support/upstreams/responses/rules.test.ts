import { afterAll, beforeAll, test } from 'vitest'
import { type ScriptedUpstream, startResponsesUpstream } from '../index.ts'
import {
	base,
	callOf,
	expectRefusal,
	outputOf,
	post,
	type Refused,
	reasoningOf,
	saying,
	toolWith,
	user,
} from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startResponsesUpstream()
})
afterAll(() => upstream.close())

const object = { type: 'object', properties: {} }
const search = { type: 'web_search' }
const answer = { role: 'assistant', content: 'yes' }

test.for<Refused>([
	['an unknown member', { ...base, stop: ['x'] }, 'Unrecognized request argument supplied: stop'],
	[
		'the limit of Chat Completions',
		{ ...base, max_tokens: 9 },
		'Unrecognized request argument supplied: max_tokens',
	],
	['a model that is missing', { input: [user] }, "Missing required parameter: 'model'.", 'model'],
	['no input', { ...base, input: [] }, /empty array/, 'input'],
	[
		'a limit below 16',
		{ ...base, max_output_tokens: 15 },
		/Expected a value >= 16, but got 15/,
		'max_output_tokens',
	],
	['a limit above the model’s', { ...base, max_output_tokens: 200_000 }, /Expected a value <= 128000/],
	['parts of Chat Completions', saying({ type: 'text', text: 'x' }), /^Invalid value: 'text'/],
	['an image as an object', saying({ type: 'input_image', image_url: { url: 'x' } }), /^Invalid type/],
	['an image without any', saying({ type: 'input_image' }), /exactly one of/],
	[
		'an image that is none',
		saying({ type: 'input_image', image_url: 'data:text/plain;base64,AAAA' }),
		/Only image types/,
	],
	[
		'a file without a name',
		saying({ type: 'input_file', file_data: 'data:application/pdf;base64,AAAA' }),
		/filename/,
	],
	[
		'a file that is no data URL',
		saying({ type: 'input_file', filename: 'a', file_data: 'AAAA' }),
		/base64-encoded/,
	],
	[
		'input parts of an assistant',
		{ ...base, input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
		/^Invalid value: 'input_text'/,
	],
	['a role of no kind', { ...base, input: [{ role: 'tool', content: 'x' }] }, /^Invalid value: 'tool'/],
	[
		'a call without an output',
		{ ...base, input: [user, callOf('a')] },
		'No tool output found for function call a.',
	],
	[
		'an output without a call',
		{ ...base, input: [user, outputOf('a')] },
		'No tool call found for function call output with call_id a.',
	],
	[
		'two calls with one id',
		{ ...base, input: [callOf('a'), callOf('a'), outputOf('a')] },
		/^Duplicate function call/,
	],
	['an id that is too long', { ...base, input: [callOf('x'.repeat(65))] }, /maximum length 64/],
	['arguments as an object', { ...base, input: [{ ...callOf('a'), arguments: {} }] }, /expected a string/],
	[
		'reasoning at the end',
		{ ...base, input: [user, reasoningOf('rs_1')] },
		"Item 'rs_1' of type 'reasoning' was provided without its required following item.",
	],
	[
		'reasoning before a user',
		{ ...base, input: [reasoningOf('rs_1'), user] },
		/without its required following item/,
	],
	[
		'reasoning twice',
		{ ...base, input: [reasoningOf('rs_1'), answer, reasoningOf('rs_1'), answer] },
		/^Duplicate item found with id rs_1/,
	],
	[
		'reasoning of another organisation',
		{ ...base, input: [reasoningOf('rs_1', 'EqQB'), answer] },
		'The encrypted content for item rs_1 could not be verified.',
	],
	['reasoning that is not stored', { ...base, input: [reasoningOf('rs_1', null), answer] }, /not found/],
	[
		'reasoning for a model without',
		{ ...base, model: 'gpt-4o', input: [reasoningOf('rs_1'), answer] },
		/can only be provided to a reasoning/,
	],
	[
		'encrypted reasoning of a model without',
		{ ...base, model: 'gpt-4o', include: ['reasoning.encrypted_content'] },
		'Encrypted content is not supported with this model.',
		'include',
	],
	[
		'an effort of a model without',
		{ ...base, model: 'gpt-4o', reasoning: { effort: 'low' } },
		"Unsupported parameter: 'reasoning.effort' is not supported with this model.",
		'reasoning.effort',
	],
	[
		'an effort it lacks',
		{ ...base, reasoning: { effort: 'minimal' } },
		/Supported values are/,
		'reasoning.effort',
	],
	[
		'temperature of a model that reasons',
		{ ...base, temperature: 1 },
		"Unsupported parameter: 'temperature' is not supported with this model.",
		'temperature',
	],
	[
		'tools of Chat Completions',
		{ ...base, tools: [{ type: 'function', function: { name: 'f' } }] },
		/tools\[0\]/,
	],
	['a schema that is no object', { ...base, tools: [toolWith({ type: 'string' })] }, /got 'type: "string"'/],
	[
		'an array without items',
		{ ...base, tools: [toolWith({ ...object, properties: { a: { type: 'array' } } })] },
		/items/,
	],
	[
		'a schema made strict by leaving it out',
		{ ...base, tools: [toolWith(object, {})] },
		/additionalProperties/,
	],
	[
		'a name that is too long',
		{ ...base, tools: [{ ...toolWith(object), name: 'x'.repeat(65) }] },
		/maximum length 64/,
	],
	[
		'a choice of Chat Completions',
		{ ...base, tool_choice: { type: 'function', function: { name: 'f' } } },
		/tool_choice/,
	],
	[
		'a choice that is not there',
		{ ...base, tools: [search], tool_choice: { type: 'function', name: 'f' } },
		/'f' not found/,
	],
	[
		'a forced search without one',
		{ ...base, tools: [toolWith(object)], tool_choice: search },
		/'web_search' not found/,
	],
	['forced tools without any', { ...base, tool_choice: 'required' }, /must be specified with 'tools'/],
	[
		'a search with effort minimal',
		{ ...base, model: 'gpt-5', tools: [search], reasoning: { effort: 'minimal' } },
		/cannot be used with reasoning.effort 'minimal': web_search/,
	],
	[
		'blocked domains',
		{ ...base, tools: [{ ...search, filters: { blocked_domains: [] } }] },
		/blocked_domains/,
	],
	['a cache key that is too long', { ...base, prompt_cache_key: 'x'.repeat(65) }, /maximum length 64/],
	[
		'a strict answer that is not',
		{ ...base, text: { format: { type: 'json_schema', name: 'a', schema: object, strict: true } } },
		/^Invalid schema for response_format 'a'/,
	],
	[
		'a response nobody stored',
		{ ...base, previous_response_id: 'resp_1' },
		/not found/,
		'previous_response_id',
	],
	['stream options without a stream', { ...base, stream_options: {} }, /only allowed when 'stream'/],
])('%s is refused', async refused => {
	await expectRefusal(upstream, refused)
})

test.for<[string, object]>([
	['a text', { ...base, input: 'hello' }],
	['a tool loop', { ...base, input: [user, reasoningOf('rs_1'), callOf('a'), outputOf('a'), answer, user] }],
	['outputs in any order', { ...base, input: [callOf('a'), callOf('b'), outputOf('b'), outputOf('a')] }],
	[
		'an output with an image and a file',
		{
			...base,
			input: [
				callOf('a'),
				outputOf('a', [
					{ type: 'input_text', text: 'x' },
					{ type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
					{ type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
					{ type: 'input_file', file_url: 'https://a.example/a.pdf' },
				]),
			],
		},
	],
	['developers and systems anywhere', { ...base, input: [user, { role: 'developer', content: 'x' }, user] }],
	[
		'tools with reasoning',
		{ ...base, tools: [toolWith(object)], reasoning: { effort: 'xhigh', summary: 'auto' } },
	],
	['a forced search', { ...base, tools: [search], tool_choice: search, max_tool_calls: 3 }],
	['sampling without reasoning', { ...base, reasoning: { effort: 'none' }, temperature: 0 }],
])('%s is taken', async ([, body], { expect }) => {
	expect(await post(upstream, body)).toEqual({ status: 200, error: null })
})
