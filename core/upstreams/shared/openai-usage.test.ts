import { expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { readOpenAiUsage as readUsage } from './openai-usage.ts'

test.each<[string, object, object]>([
	['plain', { prompt_tokens: 10, completion_tokens: 5 }, { input_tokens: 10, output_tokens: 5 }],
	[
		'trap 5: cached tokens are taken out of the prompt',
		{ prompt_tokens: 100_000, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 90_000 } },
		{ input_tokens: 10_000, output_tokens: 5, cache_read_input_tokens: 90_000 },
	],
	[
		'trap 5: more cached than prompt tokens: the upstream counts like Anthropic',
		{ prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 90 } },
		{ input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 90 },
	],
	[
		'trap 5: a total beyond prompt and completion by what was cached: apart as well',
		{
			prompt_tokens: 100,
			completion_tokens: 5,
			total_tokens: 195,
			prompt_tokens_details: { cached_tokens: 90 },
		},
		{ input_tokens: 100, output_tokens: 5, cache_read_input_tokens: 90 },
	],
	[
		'all of the prompt from the cache',
		{ prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 10 } },
		{ input_tokens: 0, output_tokens: 5, cache_read_input_tokens: 10 },
	],
	[
		'cache writes',
		{
			prompt_tokens: 100,
			completion_tokens: 5,
			prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 70 },
		},
		{ input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 10, cache_creation_input_tokens: 70 },
	],
	[
		'DeepSeek',
		{ prompt_tokens: 100, completion_tokens: 5, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
		{ input_tokens: 36, output_tokens: 5, cache_read_input_tokens: 64 },
	],
	[
		'reasoning counted in the completion',
		{
			prompt_tokens: 10,
			completion_tokens: 50,
			total_tokens: 60,
			completion_tokens_details: { reasoning_tokens: 40 },
		},
		{ input_tokens: 10, output_tokens: 50, output_tokens_details: { thinking_tokens: 40 } },
	],
	[
		'reasoning counted apart, as xAI does',
		{
			prompt_tokens: 10,
			completion_tokens: 10,
			total_tokens: 60,
			completion_tokens_details: { reasoning_tokens: 40 },
		},
		{ input_tokens: 10, output_tokens: 50, output_tokens_details: { thinking_tokens: 40 } },
	],
	[
		'cache writes as New API tells them, with zeros where a relay knows nothing',
		{
			prompt_tokens: 100,
			completion_tokens: 5,
			prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, cached_creation_tokens: 70 },
			prompt_cache_hit_tokens: 10,
		},
		{ input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 10, cache_creation_input_tokens: 70 },
	],
	[
		'cache writes as DashScope tells them',
		{
			prompt_tokens: 100,
			completion_tokens: 5,
			prompt_tokens_details: { cached_tokens: 0, cache_creation_input_tokens: 70 },
		},
		{ input_tokens: 30, output_tokens: 5, cache_read_input_tokens: 0, cache_creation_input_tokens: 70 },
	],
	[
		'a total that nobody explains: only some models think in it',
		{ prompt_tokens: 9, completion_tokens: 3, total_tokens: 105 },
		{ input_tokens: 9, output_tokens: 3 },
	],
	[
		'strings and fractions',
		{ prompt_tokens: '10', completion_tokens: 5.5 },
		{ input_tokens: 10, output_tokens: 5 },
	],
	['names of other dialects', { input_tokens: 10, output_tokens: 5 }, { input_tokens: 10, output_tokens: 5 }],
	['nulls', { prompt_tokens: null, completion_tokens: null, prompt_tokens_details: null }, {}],
	['zeros', { prompt_tokens: 0, completion_tokens: 0 }, {}],
])('%s', (_case, raw, expected) => {
	expect(readUsage(raw)).toEqual(expected)
})

test('no number is ever negative, fractional or not a number, whatever comes', () => {
	const value = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null))
	const details = fc.record(
		{ cached_tokens: value, cache_write_tokens: value, reasoning_tokens: value },
		{ requiredKeys: [] },
	)
	const raw = fc.record(
		{
			prompt_tokens: value,
			completion_tokens: value,
			total_tokens: value,
			prompt_tokens_details: fc.oneof(details, value),
			completion_tokens_details: fc.oneof(details, value),
		},
		{ requiredKeys: [] },
	)
	fc.assert(
		fc.property(fc.oneof(raw, value), usage => {
			const { output_tokens_details: spent, ...counts } = readUsage(usage)
			for (const count of [...Object.values(counts), spent?.thinking_tokens ?? 0]) {
				expect(Number.isSafeInteger(count) && Number(count) >= 0).toBe(true)
			}
		}),
	)
})
