import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startGeminiUpstream } from '../index.ts'
import {
	base,
	call,
	declare,
	expectRefusal,
	model,
	post,
	type Refused,
	response,
	responses,
	user,
} from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startGeminiUpstream()
})
afterAll(() => upstream.close())

const config = (generationConfig: object) => ({ ...base, generationConfig })
const thinking = (thinkingConfig: object) => config({ thinkingConfig })
const signature = Buffer.from('made elsewhere').toString('base64')

const contents: Refused[] = [
	['no contents', {}, '* GenerateContentRequest.contents: contents is not specified\n'],
	[
		'no parts',
		{ contents: [{ role: 'user', parts: [] }] },
		'* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n',
	],
	[
		'an empty part',
		{ contents: [{ role: 'user', parts: [{}] }] },
		/required oneof field 'data' must have one initialized field/,
	],
	[
		'a part that is two',
		{ contents: [{ role: 'user', parts: [{ text: 'x', ...call('f') }] }] },
		/oneof field 'data' is already set/,
	],
	[
		'the role assistant',
		{ contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] },
		'Please use a valid role: user, model.',
	],
	[
		'the role tool',
		{ contents: [user, model(call('f')), { role: 'tool', parts: [response('f')] }] },
		'Please use a valid role: user, model.',
	],
	[
		'an unknown kind of data',
		{ contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'application/zip', data: 'AAAA' } }] }] },
		'Unsupported MIME type: application/zip',
	],
	[
		'a system instruction without parts',
		{ ...base, systemInstruction: { parts: [] } },
		/system_instruction\.parts/,
	],
	[
		'fewer responses than calls',
		{ contents: [user, model(call('f'), call('g')), responses(response('f'))] },
		/number of function response parts is equal to the number of function call parts/,
	],
	[
		'a call without responses',
		{ contents: [user, model(call('f')), user] },
		/number of function response parts is equal/,
	],
	[
		'responses in another order',
		{ contents: [user, model(call('f'), call('g')), responses(response('g'), response('f'))] },
		/expected `f` at position 0, got `g`/,
	],
	[
		'a response without a call',
		{ contents: [user, responses(response('f'))] },
		/function response turn comes immediately after a function call turn/,
	],
	[
		'a call as the first turn',
		{ contents: [model(call('f')), responses(response('f'))] },
		/function call turn comes immediately after a user turn/,
	],
	[
		'a call of the user',
		{ contents: [{ role: 'user', parts: [call('f')] }] },
		/function call turns have the role model/,
	],
	[
		'a call without a signature on Gemini 3',
		{ contents: [user, model(call('f')), responses(response('f'))] },
		/^Function call is missing a thought_signature in functionCall parts\. .* function call `default_api:f` , position 2\./,
		'gemini-3-pro-preview',
	],
	[
		'a signature of another server',
		{ contents: [user, model(call('f', { thoughtSignature: signature })), responses(response('f'))] },
		'Corrupted thought signature.',
		'gemini-3-pro-preview',
	],
	[
		'a response without content',
		{ contents: [user, model(call('f')), responses({ functionResponse: { name: 'f' } })] },
		/function_response\.response/,
	],
]

const configs: Refused[] = [
	[
		'a level on Gemini 2.5',
		thinking({ thinkingLevel: 'low' }),
		'Thinking level is not supported for this model.',
	],
	[
		'a budget on Gemini 3',
		thinking({ thinkingBudget: 1024 }),
		/use thinking level instead/,
		'gemini-3-pro-preview',
	],
	[
		'a level and a budget',
		thinking({ thinkingLevel: 'low', thinkingBudget: 1024 }),
		'You can only set only one of thinking budget and thinking level.',
		'gemini-3-pro-preview',
	],
	[
		'level minimal on a Pro',
		thinking({ thinkingLevel: 'minimal' }),
		/^Thinking level MINIMAL is not supported/,
		'gemini-3.1-pro-preview',
	],
	[
		'a budget above the largest',
		thinking({ thinkingBudget: 32_000 }),
		'The thinking budget 32000 is invalid. Please choose a value between 1 and 24576.',
	],
	[
		'budget 0 on 2.5 Pro',
		thinking({ thinkingBudget: 0 }),
		'Budget 0 is invalid. This model only works in thinking mode.',
		'gemini-2.5-pro',
	],
	[
		'thinking on Gemini 2.0',
		thinking({ includeThoughts: true }),
		/thinking is not supported/,
		'gemini-2.0-flash',
	],
	['a temperature above 2', config({ temperature: 2.1 }), /temperature must be in the range \[0\.0, 2\.0\]/],
	['six stop sequences', config({ stopSequences: ['1', '2', '3', '4', '5', '6'] }), /at most 5/],
	['a response schema without JSON', config({ responseSchema: { type: 'STRING' } }), /response_mime_type/],
]

test.for([...contents, ...configs])('refuses %s', refused => expectRefusal(upstream, refused))

describe('what is taken', () => {
	const sentinel = { thoughtSignature: 'skip_thought_signature_validator' }
	test.for<[string, object, string?]>([
		[
			'full JSON Schema in parametersJsonSchema',
			{
				...base,
				...declare(undefined, {
					parametersJsonSchema: {
						$schema: 'x',
						type: 'object',
						properties: { a: { type: ['string', 'null'], const: 'x' } },
					},
				}),
			},
		],
		[
			'names in snake_case',
			{
				...base,
				generation_config: { max_output_tokens: 5 },
				system_instruction: { parts: [{ text: 'x' }] },
			},
		],
		[
			'a property that is called like a keyword',
			{
				...base,
				...declare({
					type: 'OBJECT',
					properties: { $schema: { type: 'STRING' }, const: { type: 'STRING' } },
				}),
			},
		],
		[
			'parallel calls with their responses in order',
			{ contents: [user, model(call('f'), call('g')), responses(response('f'), response('g'))] },
		],
		[
			'the sentinel on the first of parallel calls',
			{ contents: [user, model(call('f', sentinel), call('g')), responses(response('f'), response('g'))] },
			'gemini-3-pro-preview',
		],
		[
			'a level on Gemini 3',
			thinking({ thinkingLevel: 'low', includeThoughts: true }),
			'gemini-3-pro-preview',
		],
		['a budget on Gemini 2.5', thinking({ thinkingBudget: 24_576 })],
		['a dynamic budget', thinking({ thinkingBudget: -1 })],
		[
			'images and PDFs',
			{
				contents: [
					{
						role: 'user',
						parts: [
							{ inlineData: { mimeType: 'image/png', data: 'AAAA' } },
							{ inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
						],
					},
				],
			},
		],
	])('%s', async ([, body, name]) => {
		const { status, error } = await post(upstream, body, name)
		expect(error).toBeUndefined()
		expect(status).toBe(200)
	})
})
