import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ScriptedUpstream, startGeminiUpstream } from '../index.ts'
import { base, declare, expectRefusal, model, post, property, type Refused, user } from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startGeminiUpstream()
})
afterAll(() => upstream.close())

const parameters = 'tools[0].function_declarations[0].parameters'
const starred = `* GenerateContentRequest.${parameters}`
const config = (generationConfig: object) => ({ ...base, generationConfig })

const shapes: Refused[] = [
	[
		'an unknown member',
		{ ...base, system: 'x' },
		'Invalid JSON payload received. Unknown name "system": Cannot find field.',
	],
	[
		'an unknown member of a part',
		{ contents: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }] },
		`Invalid JSON payload received. Unknown name "type" at 'contents[0].parts[0]': Cannot find field.`,
	],
	[
		'a schema keyword that is none',
		{ ...base, ...declare({ $schema: 'x', type: 'OBJECT', properties: { a: { type: 'STRING' } } }) },
		`Invalid JSON payload received. Unknown name "$schema" at '${parameters}': Cannot find field.`,
	],
	[
		'additionalProperties',
		{ ...base, ...declare({ type: 'OBJECT', additionalProperties: false }) },
		/Unknown name "additionalProperties"/,
	],
	[
		'a keyword of a property',
		{ ...base, ...property({ const: 1 }) },
		`Invalid JSON payload received. Unknown name "const" at '${parameters}.properties[0].value': Cannot find field.`,
	],
	[
		'exclusiveMinimum',
		{ ...base, ...property({ type: 'INTEGER', exclusiveMinimum: 0 }) },
		/Unknown name "exclusiveMinimum"/,
	],
	[
		'a list of types',
		{ ...base, ...property({ type: ['string', 'null'] }) },
		`Invalid JSON payload received. Unknown name "type" at '${parameters}.properties[0].value': Proto field is not repeating, cannot start list.`,
	],
	[
		'a list of item schemas',
		{ ...base, ...property({ type: 'ARRAY', items: [{ type: 'STRING' }] }) },
		/Unknown name "items" at .*: Proto field is not repeating/,
	],
	[
		'a type that is none',
		{ ...base, ...property({ type: 'date' }) },
		`Invalid value at '${parameters}.properties[0].value.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), "date"`,
	],
	[
		'an enum of numbers',
		{ ...base, ...property({ type: 'STRING', enum: [1] }) },
		`Invalid value at '${parameters}.properties[0].value.enum[0]' (TYPE_STRING), 1`,
	],
	[
		'text that is a number',
		{ contents: [{ role: 'user', parts: [{ text: 5 }] }] },
		"Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 5",
	],
	[
		'tokens that are words',
		config({ maxOutputTokens: 'many' }),
		`Invalid value at 'generation_config.max_output_tokens' (TYPE_INT32), "many"`,
	],
	[
		'data that is not base64',
		{ contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: '@' } }] }] },
		/\(TYPE_BYTES\), Base64 decoding failed for "@"/,
	],
	[
		'a signature that is not base64',
		{ contents: [user, model({ text: 'x', thoughtSignature: 'proxy:x' })] },
		/thought_signature' \(TYPE_BYTES\)/,
	],
	[
		'arguments that are text',
		{ contents: [user, model({ functionCall: { name: 'f', args: '{}' } })] },
		/args' \(TYPE_STRUCT\)/,
	],
]

const tools: Refused[] = [
	[
		'a name that starts with a digit',
		{ ...base, ...declare(undefined, { name: '1f' }) },
		/function_declarations\[0\]\.name: Invalid function name/,
	],
	[
		'a name of 65 characters',
		{ ...base, ...declare(undefined, { name: 'n'.repeat(65) }) },
		/maximum length of 64/,
	],
	[
		'two functions of one name',
		{ ...base, tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'f' }] }] },
		'Duplicate function declaration found: f',
	],
	[
		'an enum of integers',
		{ ...base, ...property({ type: 'INTEGER', enum: ['1'] }) },
		`${starred}.properties[a].enum: only allowed for STRING type\n`,
	],
	[
		'an empty enum value',
		{ ...base, ...property({ type: 'STRING', enum: [''] }) },
		`${starred}.properties[a].enum[0]: cannot be empty\n`,
	],
	['an empty enum', { ...base, ...property({ type: 'STRING', enum: [] }) }, /enum: must not be empty/],
	[
		'an array without items',
		{ ...base, ...property({ type: 'array' }) },
		`${starred}.properties[a].items: missing field.\n`,
	],
	[
		'an object without properties',
		{ ...base, ...declare({ type: 'OBJECT', properties: {} }) },
		`${starred}.properties: should be non-empty for OBJECT type\n`,
	],
	[
		'a required property that is not there',
		{ ...base, ...declare({ type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['b'] }) },
		`${starred}.required[0]: property is not defined\n`,
	],
	[
		'a format that is none',
		{ ...base, ...property({ type: 'STRING', format: 'uri' }) },
		/only 'enum' and 'date-time' are supported for STRING type/,
	],
	[
		'a property without a type',
		{ ...base, ...property({ description: 'x' }) },
		/properties\[a\]\.type: must be specified/,
	],
	[
		'parameters that are no object',
		{ ...base, ...declare({ type: 'STRING' }) },
		/schema should be of type OBJECT/,
	],
	[
		'both kinds of parameters',
		{
			...base,
			...declare(
				{ type: 'OBJECT', properties: { a: { type: 'STRING' } } },
				{ parametersJsonSchema: { type: 'object' } },
			),
		},
		/only one of parameters and parameters_json_schema/,
	],
	[
		'a search beside functions',
		{ ...base, tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'f' }] }] },
		/cannot be combined/,
	],
	[
		'a search beside functions on Gemini 3',
		{ ...base, tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'f' }] }] },
		/include_server_side_tool_invocations/,
		'gemini-3-pro-preview',
	],
	[
		'allowed names in mode AUTO',
		{
			...base,
			...declare(undefined),
			toolConfig: { functionCallingConfig: { mode: 'AUTO', allowedFunctionNames: ['f'] } },
		},
		/when the function calling mode is ANY or VALIDATED/,
	],
	[
		'allowed names that are not there',
		{
			...base,
			...declare(undefined),
			toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['g'] } },
		},
		/`g` is not in function_declarations/,
	],
	[
		'mode ANY without functions',
		{ ...base, toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
		'Function calling config is set without function_declarations.',
	],
]

test.for([...shapes, ...tools])('refuses %s', refused => expectRefusal(upstream, refused))

test('all wrong names are told at once, with their fields', async () => {
	const { error } = await post(upstream, { ...base, foo: 1, ...property({ type: 'STRING', const: 'x' }) })
	expect(error.message.split('\n')).toHaveLength(2)
	expect(error.details[0]['@type']).toBe('type.googleapis.com/google.rpc.BadRequest')
	expect(error.details[0].fieldViolations[1].field).toBe(`${parameters}.properties[0].value`)
})
