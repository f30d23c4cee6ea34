import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { PayloadsView, PayloadView } from '../../core/recording/payload-view.ts'
import { english } from '../texts/index.ts'
import { createStyle } from '../ui/style.ts'
import { describePayloads, writeCurl } from './payloads.ts'

const body = JSON.stringify({ model: 'gpt-4o', stream: true, text: `it's "quoted" $HOME \\ 世界` })
const payload = (changes: Partial<PayloadView>): PayloadView => ({
	...{ contentType: 'application/json', headers: {}, bytes: 2, truncated: false, redacted: false },
	...changes,
})
const payloads: PayloadsView = {
	mode: 'all',
	clientRequest: payload({ method: 'POST', url: '/v1/messages', text: '{"model":"claude-opus-5"}' }),
	upstreamRequest: payload({
		...{ method: 'POST', url: 'https://api.example.com/v1/chat/completions', text: body },
		headers: { authorization: 'Bearer sk-…9f2a', 'content-type': 'application/json' },
	}),
	upstreamAnswer: payload({ status: 200, events: [{ at: 12, text: 'data: \u001b[31mred' }] }),
	clientAnswer: null,
	attempts: [],
}

describe('recorded bodies', () => {
	test('are told one below the other, and steer no terminal', () => {
		const lines = describePayloads(payloads, { style: createStyle(false), texts: english })
		expect(lines).toContain('  "model": "claude-opus-5"')
		expect(lines).toContain('authorization: Bearer sk-…9f2a')
		expect(lines.join('\n')).toContain('+12 ms\ndata:  [31mred')
		expect(lines.slice(-4)).toEqual(['', 'Client answer', 'none', ''])
	})

	test('become a command that a shell takes to the letter', async () => {
		const curl = writeCurl(payloads)
		expect(curl).not.toContain('9f2a')
		const script = `curl() { printf '%s\\n' "$@"; }\nUPSTREAM_KEY=the-key\n${curl}`
		const { stdout } = await promisify(execFile)('sh', ['-c', script], { env: { HOME: '/nowhere' } })
		expect(stdout.trimEnd().split('\n')).toEqual([
			...['-sSN', '-X', 'POST', 'https://api.example.com/v1/chat/completions'],
			...['-H', 'authorization: Bearer the-key', '-H', 'content-type: application/json'],
			...['--data-raw', body],
		])
	})

	test('a request that was not kept whole is no command', () => {
		const upstreamRequest = payload({ truncated: true, text: '{' })
		expect(() => writeCurl({ ...payloads, upstreamRequest })).toThrow('not recorded whole')
		expect(() => writeCurl({ ...payloads, upstreamRequest: null })).toThrow('nothing was sent')
	})
})
