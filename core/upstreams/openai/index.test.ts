import { describe, expect, test } from 'vitest'
import type { UpstreamTarget } from '../contract.ts'
import { openai, openaiold } from './index.ts'

const target = (baseUrl: string, changes: Partial<UpstreamTarget> = {}): UpstreamTarget => ({
	baseUrl,
	authStyle: 'auto',
	extraHeaders: {},
	...changes,
})
const options = { model: 'gpt-4o', stream: false }

test('two types from one implementation', () => {
	expect([openai.type, openaiold.type, openai.mode, openaiold.mode]).toEqual([
		'openai',
		'openaiold',
		'convert',
		'convert',
	])
})

test.each([
	['https://api.openai.com', 'https://api.openai.com/v1/chat/completions'],
	['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
	['https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
	[
		'https://generativelanguage.googleapis.com/v1beta/openai',
		'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
	],
	['https://open.bigmodel.cn/api/paas/v4', 'https://open.bigmodel.cn/api/paas/v4/chat/completions'],
	['https://h/custom#', 'https://h/custom/chat/completions'],
	[
		'https://x.openai.azure.com/openai/deployments/d?api-version=1#',
		'https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1',
	],
])('trap part C: %s calls %s', (baseUrl, expected) => {
	expect(openai.messagesUrl(baseUrl, options)).toBe(expected)
})

test('the probe asks for the models, with the user’s own headers', () => {
	expect(openai.probe(target('https://h/v1/chat/completions', { extraHeaders: { 'x-team': 'a' } }))).toEqual({
		method: 'GET',
		url: 'https://h/v1/models',
		headers: { accept: 'application/json', 'x-team': 'a' },
	})
})

describe('the key', () => {
	const azure = 'https://x.openai.azure.com/openai/v1'
	test.each([
		['sk-1', target('https://h'), { authorization: 'Bearer sk-1' }],
		['sk-1', target('https://h', { authStyle: 'x-api-key' }), { 'x-api-key': 'sk-1' }],
		['k', target(azure), { 'api-key': 'k' }],
		['eyJhbGci.eyJzdWIi.c2ln', target(azure), { authorization: 'Bearer eyJhbGci.eyJzdWIi.c2ln' }],
		['k', target(azure, { authStyle: 'bearer' }), { authorization: 'Bearer k' }],
	])('%s goes to %j as %j', (key, to, expected) => {
		expect(openai.authHeaders(key, to)).toEqual(expected)
	})
})
