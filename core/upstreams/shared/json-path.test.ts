import { expect, test } from 'vitest'
import { findField, removeField } from './json-path.ts'

const json = {
	a: 1,
	generationConfig: { thinkingConfig: { thinkingBudget: 1 } },
	tools: [{ name: 'x', defer_loading: true }, { name: 'y' }],
	messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
}

test.each([
	['a', 'a'],
	['generation_config.thinking_config.thinking_budget', 'generationConfig.thinkingConfig.thinkingBudget'],
	['tools.0.custom.defer_loading', 'tools.*.defer_loading'],
	['messages.0.user.content.0.text.text', 'messages.*.content.*.text'],
	['tools.1.defer_loading', undefined],
	['tools.5.name', undefined],
	['b', undefined],
	['a.b', undefined],
	['constructor', undefined],
	['', undefined],
])('%s stands at %s', (path, found) => {
	expect(findField(json, path)).toBe(found)
})

test('a field is taken out of every element that has it', () => {
	const copy = structuredClone(json)
	expect(removeField(copy, 'tools.*.defer_loading')).toBe(true)
	expect(removeField(copy, 'tools.*.defer_loading')).toBe(false)
	expect(removeField(copy, 'a')).toBe(true)
	expect(removeField(copy, 'tools.*')).toBe(false)
	expect(removeField(copy, 'messages.role')).toBe(false)
	expect(copy).toEqual({
		generationConfig: json.generationConfig,
		tools: [{ name: 'x' }, { name: 'y' }],
		messages: json.messages,
	})
})
