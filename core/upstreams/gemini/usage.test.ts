import { expect, test } from 'vitest'
import { readUsage } from './usage.ts'

test.each([
	['trap A4: the prompt counts as input', { promptTokenCount: 10 }, { input_tokens: 10 }],
	[
		'trap A5: cached tokens are not counted twice',
		{ promptTokenCount: 100, cachedContentTokenCount: 80, candidatesTokenCount: 5 },
		{ input_tokens: 20, cache_read_input_tokens: 80, output_tokens: 5 },
	],
	[
		'trap A5: more cached than asked means that they are apart already',
		{ promptTokenCount: 10, cachedContentTokenCount: 80 },
		{ input_tokens: 10, cache_read_input_tokens: 80 },
	],
	[
		'trap A5: thoughts are output',
		{ promptTokenCount: 1, candidatesTokenCount: 5, thoughtsTokenCount: 30 },
		{ input_tokens: 1, output_tokens: 35, output_tokens_details: { thinking_tokens: 30 } },
	],
	[
		'thoughts that the total shows to be within the answer are not added (BerriAI/litellm#10141)',
		{ promptTokenCount: 10, candidatesTokenCount: 10, thoughtsTokenCount: 5, totalTokenCount: 20 },
		{ input_tokens: 10, output_tokens: 10, output_tokens_details: { thinking_tokens: 5 } },
	],
	[
		'thoughts that the total shows apart are',
		{ promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 5, totalTokenCount: 20 },
		{ input_tokens: 10, output_tokens: 10, output_tokens_details: { thinking_tokens: 5 } },
	],
	[
		'what a built-in tool reads is input',
		{ promptTokenCount: 10, toolUsePromptTokenCount: 7 },
		{ input_tokens: 17 },
	],
	[
		'counts may be strings',
		{ promptTokenCount: '10', candidatesTokenCount: '2' },
		{ input_tokens: 10, output_tokens: 2 },
	],
	[
		'Google leaves out zeros: what the total does not hold was not written',
		{ promptTokenCount: 12, totalTokenCount: 12 },
		{ input_tokens: 12, output_tokens: 0 },
	],
	[
		'the total tells the output where nothing else does',
		{ promptTokenCount: 12, toolUsePromptTokenCount: 5, totalTokenCount: 20 },
		{ input_tokens: 17, output_tokens: 3 },
	],
	[
		'a total that is too small tells nothing',
		{ promptTokenCount: 12, toolUsePromptTokenCount: 5, totalTokenCount: 12 },
		{ input_tokens: 17 },
	],
	['what is absent or odd stays absent', { promptTokenCount: null, candidatesTokenCount: 'many' }, {}],
])('%s', (_name, metadata, expected) => {
	expect(readUsage(metadata)).toEqual(expected)
})

test('a later total that holds less than was written already tells nothing', () => {
	const known = { output_tokens: 3 }
	expect(readUsage({ promptTokenCount: 12, totalTokenCount: 12 }, known)).toEqual({ input_tokens: 12 })
	expect(readUsage({ promptTokenCount: 12, totalTokenCount: 16 }, known)).toEqual({
		input_tokens: 12,
		output_tokens: 4,
	})
})

test('trap A5: cached tokens that only an earlier chunk told are not counted twice', () => {
	const known = { output_tokens: 0, cache_read_input_tokens: 80 }
	expect(readUsage({ promptTokenCount: 100, candidatesTokenCount: 5 }, known)).toEqual({
		input_tokens: 20,
		output_tokens: 5,
	})
})

test('trap A5: thoughts that only an earlier chunk told are still output', () => {
	const known = { output_tokens: 30, output_tokens_details: { thinking_tokens: 30 } }
	expect(readUsage({ promptTokenCount: 1, candidatesTokenCount: 5 }, known)).toEqual({
		input_tokens: 1,
		output_tokens: 35,
	})
	expect(readUsage({ promptTokenCount: 1, totalTokenCount: 31 }, known)).toEqual({
		input_tokens: 1,
		output_tokens: 30,
	})
})
