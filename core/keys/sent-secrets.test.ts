import { expect, test } from 'vitest'
import { listSentSecrets } from './sent-secrets.ts'

const upstream = { extraHeaders: {}, baseUrl: 'https://api.example.com/v1', proxyUrl: '' }

test('values of headers, and passwords and keys in URLs, are secrets; short words are none', () => {
	expect(
		listSentSecrets({
			extraHeaders: { 'x-team': 'team-secret-1', 'x-region': 'eu' },
			baseUrl: 'https://me:base-password@api.example.com/v1?key=query-key-1&version=2024-01-01&token=short',
			proxyUrl: 'http://me:proxy-password@127.0.0.1:3128',
		}),
	).toEqual(['team-secret-1', 'base-password', 'query-key-1', 'proxy-password'])
	expect(listSentSecrets(upstream)).toEqual([])
	expect(listSentSecrets({ ...upstream, baseUrl: 'no URL' })).toEqual([])
})
