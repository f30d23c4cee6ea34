import { describe, expect, test } from 'vitest'
import { priceOverrideSchema } from '../config/prices.ts'
import { costMicros, createFindPrice } from './cost.ts'
import { listedPrices } from './price-list.ts'
import { listPrices } from './shown-prices.ts'

const find = createFindPrice([])

describe('the cost of tokens', () => {
	test('is each kind by its own price', () => {
		const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }
		expect(costMicros({ input: 1000, output: 100, cacheRead: 10_000, cacheWrite: 200 }, price)).toBe(
			3000 + 1500 + 3000 + 750,
		)
	})

	test('counts a cache as other input where the price says nothing of it', () => {
		const tokens = { input: 1, output: 1, cacheRead: 10, cacheWrite: 100 }
		expect(costMicros(tokens, { input: 2, output: 5 })).toBe(2 * 111 + 5)
	})
})

describe('a price', () => {
	test.each([
		['claude-sonnet-4-5-20250929', 3],
		['claude-opus-4-5-20251101', 5],
		['claude-opus-4-1-20250805', 15],
		['claude-opus-4-20250514', 15],
		['claude-opus-5-5', 4],
		['claude-opus-5', 5],
		['anthropic/claude-haiku-4-5', 1],
		['claude-sonnet-4-5-20250929[1m]', 3],
		['models/gemini-2.5-flash', 0.3],
		['gemini-2.5-flash-lite', 0.1],
		['gpt-5-mini-2025-08-07', 0.25],
		['gpt-5-2025-08-07', 1.25],
		['GPT-4o', 2.5],
		['gpt-4o-mini', 0.15],
		['deepseek-v4-pro', 0.66],
		['kimi-k2-turbo-preview', 1.15],
		['glm-5.3-flash', 0.075],
		['grok-4-fast-reasoning', 0.2],
		['qwen3-coder-plus', 1],
	])('of %s is found by its name', (model, input) => {
		expect(find(model)?.input).toBe(input)
	})

	test.each(['', 'gpt-5-turbo-max', 'claude-opus-9', 'my-own-model', 'gpt-4o-mini-tts', 'claude-sonnet-4-9'])(
		'of %j is not guessed',
		model => {
			expect(find(model)).toBeUndefined()
		},
	)

	test('that people set comes first, in their order, and also for models that nobody lists', () => {
		const own = createFindPrice([
			{ model: 'claude-sonnet-4-5', input: 1, output: 2 },
			{ model: 'CLAUDE-*', input: 3, output: 4 },
			{ model: 'my-*', input: 5, output: 6 },
		])
		expect([own('claude-sonnet-4-5-20250929'), own('claude-opus-5'), own('my-model')]).toMatchObject([
			...[{ input: 1 }, { input: 3 }, { input: 5 }],
		])
		expect(own('gpt-4o')?.input).toBe(2.5)
	})
})

describe('the list', () => {
	test('holds prices that are possible, with a source and a date', () => {
		for (const {
			model,
			input,
			output,
			cacheRead = input,
			cacheWrite = input,
			source,
			checked,
		} of listedPrices) {
			expect(priceOverrideSchema.safeParse({ model, input, output, cacheRead, cacheWrite }).success).toBe(
				true,
			)
			expect(model).toBe(model.toLowerCase())
			expect(output, model).toBeGreaterThanOrEqual(input)
			expect(cacheRead, model).toBeLessThanOrEqual(input)
			expect(URL.canParse(source)).toBe(true)
			expect(checked).toMatch(/^20\d\d-\d\d-\d\d$/)
		}
	})

	test('has each model once, and no pattern that an earlier one hides', () => {
		for (const { model, input, output } of listedPrices) {
			const sample = model.replace('*', '')
			expect(find(sample), model).toMatchObject({ model, input, output })
		}
	})

	test('is shown with what people set before it', () => {
		const [first, second] = listPrices([{ model: 'x', input: 1, output: 2 }])
		expect(first).toEqual({
			...{ model: 'x', input: 1, output: 2, cacheRead: 1, cacheWrite: 1, currency: 'USD' },
			...{ source: 'override', url: null, checked: null, varies: null },
		})
		expect(second).toMatchObject({ source: 'built-in', model: listedPrices[0]?.model })
	})
})
