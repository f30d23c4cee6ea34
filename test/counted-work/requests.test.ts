import { describe, expect, test } from 'vitest'
import { createClaudeCodeRequest } from '../../bench/workloads/claude-code.ts'
import { requestModel } from '../../bench/workloads/texts.ts'
import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { type PreparedCall, prepareCall } from '../../core/proxy/prepare.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'
import { countJson } from './count-json.ts'

const body = createClaudeCodeRequest(requestModel)
const given = JSON.parse(body.toString())
const toolCharacters = JSON.stringify(given.tools).length

function prepare(type: string): PreparedCall {
	const adapter = findAdapter(type)
	if (!adapter) throw new Error(`no upstream type ${type}`)
	const upstream: UpstreamSnapshot = {
		...({
			id: 'up_1',
			name: 'u',
			type,
			baseUrl: 'https://upstream.example',
			enabled: true,
			keys: [],
		} as const),
		...({ authStyle: 'auto', extraHeaders: {}, modelMap: [] } as object),
	} as unknown as UpstreamSnapshot
	return prepareCall({ body, headers: {}, query: '' } as never, upstream, adapter)
}

const sentText = ({ outgoing }: PreparedCall) =>
	typeof outgoing.body === 'string' ? outgoing.body : new TextDecoder().decode(outgoing.body)

describe.each(['openai', 'openaiold', 'responses', 'gemini'])('a Claude Code request to %s', type => {
	test('is parsed and written once, its tools not even that when they came before', () => {
		const first = sentText(prepare(type))
		let second = ''
		const work = countJson(() => {
			second = sentText(prepare(type))
		})
		expect(second).toBe(first)
		expect(JSON.parse(second)).toBeTypeOf('object')
		expect(toolCharacters).toBeGreaterThan(60_000)
		expect(work.parsed).toBeLessThanOrEqual(body.length - toolCharacters + 200)
		// Tool calls of the history are strings within the JSON: they are written twice.
		expect(work.written).toBeLessThanOrEqual(second.length - toolCharacters * 0.9 + 5000)
	})
})

test('a request that passes through is not parsed: its model is', () => {
	const work = countJson(() => prepare('claude'))
	expect(work.parsed).toBeLessThanOrEqual(1000)
	expect(work.written).toBe(0)
})
