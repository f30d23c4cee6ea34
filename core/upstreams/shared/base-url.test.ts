import { describe, expect, test } from 'vitest'
import { type EndpointRules, resolveEndpoint } from './base-url.ts'

const rules: EndpointRules = { version: '/v1', versionAt: 'end', pasted: /\/messages$/ }

describe('resolveEndpoint', () => {
	test.each([
		['https://h', 'https://h/v1/messages'],
		['https://h/', 'https://h/v1/messages'],
		[' https://h/v1/ ', 'https://h/v1/messages'],
		['https://h/v2', 'https://h/v2/messages'],
		['https://h/v1beta', 'https://h/v1beta/messages'],
		['https://h/v2alpha1', 'https://h/v2alpha1/messages'],
		['https://h/anthropic', 'https://h/anthropic/v1/messages'],
		['https://h/v1/account/anthropic', 'https://h/v1/account/anthropic/v1/messages'],
		['https://h/custom#', 'https://h/custom/messages'],
		['https://h/custom/#', 'https://h/custom/messages'],
		['https://h/v1/messages', 'https://h/v1/messages'],
		['https://h/v1?beta=true', 'https://h/v1/messages?beta=true'],
		['https://h/vault', 'https://h/vault/v1/messages'],
	])('%s calls %s', (base, expected) => {
		expect(resolveEndpoint(base, '/messages', rules)).toBe(expected)
	})

	test('a version anywhere in the path counts where the type says so', () => {
		const anywhere: EndpointRules = { ...rules, versionAt: 'anywhere', pasted: /\/chat\/completions$/ }
		expect(resolveEndpoint('https://h/v1beta/openai', '/chat/completions', anywhere)).toBe(
			'https://h/v1beta/openai/chat/completions',
		)
		expect(resolveEndpoint('https://v1.example', '/chat/completions', anywhere)).toBe(
			'https://v1.example/v1/chat/completions',
		)
	})

	test('what was called before at a base is called only where endpoint and rules are the same', () => {
		const other: EndpointRules = { ...rules, version: '/v2' }
		const long = `/${'x'.repeat(1000)}`
		const call = () => [
			resolveEndpoint('https://again', '/messages', rules),
			resolveEndpoint('https://again', '/models', rules),
			resolveEndpoint('https://again', '/messages', other),
			resolveEndpoint('https://again', long, rules),
		]
		const expected = [
			...['https://again/v1/messages', 'https://again/v1/models', 'https://again/v2/messages'],
			`https://again/v1${long}`,
		]
		expect(call()).toEqual(expected)
		expect(call()).toEqual(expected)
	})
})
