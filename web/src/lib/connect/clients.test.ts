import { expect, it } from 'vitest'
import { connectFormats } from '../../../../core/connect/snippets.ts'
import { clients, formsOf, isLocal, readClient, readTierModels } from './clients.ts'

it('offers every form that is for people', () => {
	const offered = clients.flatMap(client => formsOf[client].map(({ format }) => format))
	expect([...offered].sort()).toEqual([...connectFormats].filter(format => format !== 'json').sort())
})

it('falls back to Claude Code for a client it does not know', () => {
	expect(readClient(new URLSearchParams('client=sdk'))).toBe('sdk')
	expect(readClient(new URLSearchParams('client=fax'))).toBe('claude-code')
})

it('takes tiers from a model map, and no other rule', () => {
	expect(readTierModels({ opus: 'big', 'claude-*': 'any', haiku: '' })).toEqual({ opus: 'big' })
	expect(readTierModels(undefined)).toEqual({})
})

it.each([
	['http://localhost:11434', true],
	['http://192.168.1.20:8000/v1', true],
	['https://api.example.com', false],
	['http://172.20.0.4:8000', true],
	['https://localhost.example.com', false],
	['https://10.example.com', false],
	['', false],
])('says whether %s is nearby: %s', (url, local) => {
	expect(isLocal(url)).toBe(local)
})
