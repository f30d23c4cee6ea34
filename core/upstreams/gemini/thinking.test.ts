import { describe, expect, test } from 'vitest'
import { convert } from './testing.ts'

const read = (model: string, request: object, max_tokens = 32_000) => {
	const { body, notes } = convert(
		{ messages: [{ role: 'user', content: 'hi' }], max_tokens, ...request },
		model,
	)
	return { thinking: body.generationConfig?.thinkingConfig, notes }
}
const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } })
const adaptive = { thinking: { type: 'adaptive', display: 'updates' } }
const disabled = { thinking: { type: 'disabled' } }
const effort = (level: string) => ({ output_config: { effort: level } })

describe('trap A25: thinking', () => {
	test.each([
		['gemini-2.5-flash', budget(10_000), 10_000],
		['gemini-2.5-flash', budget(31_999), 24_576],
		['gemini-2.5-pro', budget(31_999), 31_999],
		['gemini-2.5-pro', budget(64), 128],
		['gemini-2.5-flash-lite', budget(100), 512],
		['gemini-2.5-flash', adaptive, -1],
		['gemini-2.5-pro', { ...adaptive, ...effort('high') }, -1],
		['gemini-2.5-flash', { ...adaptive, ...effort('low') }, 2048],
		['gemini-2.5-pro', { ...adaptive, ...effort('max') }, 31_999],
	])('%s with %j gets %i tokens and shows its thoughts', (model, request, thinkingBudget) => {
		expect(read(model, request).thinking).toEqual({ thinkingBudget, includeThoughts: true })
	})

	test.each([
		['gemini-2.5-flash', 0],
		['gemini-2.5-flash-lite', 0],
		['gemini-2.5-pro', 128],
	])('%s is told to think %i tokens when thinking is disabled', (model, thinkingBudget) => {
		expect(read(model, disabled).thinking).toEqual({ thinkingBudget })
	})

	test('a budget stays below max_tokens', () => {
		const { thinking, notes } = read('gemini-2.5-flash', budget(5000), 4000)
		expect(thinking).toEqual({ thinkingBudget: 3999, includeThoughts: true })
		expect(notes).toMatchObject([{ field: 'thinking.budget_tokens', action: 'clamped' }])
	})

	test.each([
		['gemini-3-pro-preview', budget(2000), 'LOW'],
		['gemini-3-pro-preview', budget(8000), 'HIGH'],
		['gemini-3.1-pro-preview', budget(8000), 'MEDIUM'],
		['gemini-3.5-flash', budget(20_000), 'HIGH'],
		['gemini-3.5-flash', { ...adaptive, ...effort('medium') }, 'MEDIUM'],
		['gemini-3-pro-preview', { ...adaptive, ...effort('medium') }, 'HIGH'],
		['gemini-3.8-flash', { ...adaptive, ...effort('xhigh') }, 'HIGH'],
		['gemini-3.6-flash', { ...adaptive, ...effort('low') }, 'LOW'],
	])('%s with %j thinks at %s', (model, request, thinkingLevel) => {
		expect(read(model, request).thinking).toEqual({ thinkingLevel, includeThoughts: true })
	})

	test.each([
		['gemini-3-pro-preview', 'LOW'],
		['gemini-3-flash-preview', 'MINIMAL'],
		['gemini-3.5-flash-lite', 'MINIMAL'],
		['gemini-3.8-flash', 'LOW'],
	])('%s thinks at %s when thinking is disabled, with a note', (model, thinkingLevel) => {
		const { thinking, notes } = read(model, disabled)
		expect(thinking).toEqual({ thinkingLevel })
		expect(notes).toMatchObject([{ field: 'thinking', action: 'clamped' }])
	})

	test('adaptive without effort leaves the level to Gemini 3', () => {
		expect(read('gemini-3.5-flash', adaptive).thinking).toEqual({ includeThoughts: true })
	})

	test('thoughts that the client would not show are not asked for', () => {
		const omitted = { thinking: { type: 'adaptive', display: 'omitted' } }
		expect(read('gemini-2.5-flash', omitted).thinking).toEqual({ thinkingBudget: -1 })
	})

	test('effort alone sets the level, and nothing said sets nothing', () => {
		expect(read('gemini-3.5-flash', effort('low')).thinking).toEqual({ thinkingLevel: 'LOW' })
		expect(read('gemini-2.5-flash', effort('medium')).thinking).toBeUndefined()
		expect(read('gemini-3.5-flash', {}).thinking).toBeUndefined()
	})

	test.each(['gemini-2.0-flash', 'my-own-name', 'gemini-2.5-flash-image'])(
		'%s gets none, with a note',
		model => {
			const { thinking, notes } = read(model, budget(2000), 8000)
			expect(thinking).toBeUndefined()
			expect(notes).toMatchObject([{ field: 'thinking', action: 'dropped' }])
		},
	)
})
