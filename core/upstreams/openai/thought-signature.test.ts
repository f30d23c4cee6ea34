import { describe, expect, test } from 'vitest'
import {
	callDelta,
	completion,
	convert,
	delta,
	readAnswer,
	readStream,
	readWithSdk,
} from '../../../test/support/openai-conversion.ts'
import type { OutputBlock } from '../../messages/events.ts'
import { error, learnFrom } from './learn-testing.ts'

const baseUrl = 'https://generativelanguage.googleapis.com/v1beta/openai'
const gemini = { model: 'gemini-3-pro-preview', baseUrl }
const sig = (value: string, service = 'google') => ({ [service]: { thought_signature: value } })
const call = (id: string, more: object = {}) => ({
	...more,
	id,
	type: 'function',
	function: { name: 'Read', arguments: '{"n":1}' },
})

/** The calls that go back, when the client sends an answer of the upstream with its results. */
function replay(content: readonly OutputBlock[], options: object = gemini) {
	const results = content.flatMap(block =>
		block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }] : [],
	)
	const messages = [
		{ role: 'user', content: 'go' },
		{ role: 'assistant', content },
		{ role: 'user', content: results },
	]
	const { body } = convert({ messages }, options)
	return body.messages.flatMap(message => ('tool_calls' in message ? (message.tool_calls ?? []) : []))
}

test.each(['google', 'vertex'])('a thought signature of %s comes back beside its call', async service => {
	const extra = { extra_content: sig('AB+/=', service) }
	const { events } = readStream([
		delta({ tool_calls: [call('a', extra), call('b')] }),
		delta({}, 'tool_calls'),
		'[DONE]',
	])
	const { content } = await readWithSdk(events)
	expect(content.map(({ type }) => type)).toEqual(['thinking', 'tool_use', 'tool_use'])
	expect(replay(content as OutputBlock[])).toEqual([{ ...call('a'), ...extra }, call('b')])
	const whole = readAnswer(completion({ tool_calls: [call('a', extra), call('b')] }, 'tool_calls'))
	expect(replay(whole.message?.content ?? [])).toEqual([{ ...call('a'), ...extra }, call('b')])
})

test('signatures of several calls stay with theirs, whatever was thought and said between', async () => {
	const { events } = readStream([
		delta({ reasoning_content: 'hm' }),
		callDelta(call('a', { extra_content: sig('A') })),
		delta({ content: 'And:' }),
		callDelta(call('b', { extra_content: sig('B') })),
		delta({}, 'stop'),
	])
	const { content } = await readWithSdk(events)
	expect(content[0]).toMatchObject({ type: 'thinking', thinking: 'hm' })
	expect(replay(content as OutputBlock[])).toEqual([
		{ ...call('a'), extra_content: sig('A') },
		{ ...call('b'), extra_content: sig('B') },
	])
})

test('no other model gets one, and no signature of another maker is taken for one', () => {
	const thought = (signature: string) => ({ type: 'thinking' as const, thinking: 't', signature })
	const use = { type: 'tool_use' as const, id: 'a', name: 'Read', input: { n: 1 } }
	const own = [thought('claude-proxy:openai:google:A'), use]
	expect(replay(own, { model: 'gpt-5.2', baseUrl: 'https://api.openai.com/v1' })).toEqual([call('a')])
	expect(replay(own, { model: 'google/gemini-3-flash', baseUrl: 'https://relay.example' })).toEqual([
		{ ...call('a'), extra_content: sig('A') },
	])
	for (const foreign of ['claude-proxy:gemini:A', 'claude-proxy:none', 'EqQB', 'claude-proxy:openai:x:A']) {
		expect(replay([thought(foreign), use])).toEqual([call('a')])
	}
})

describe('OpenRouter tells and wants the signatures beside the message', () => {
	const openRouter = { model: 'google/gemini-3.1-pro-preview', baseUrl: 'https://openrouter.ai/api/v1' }
	const context = { upstreamModel: openRouter.model }
	const detail = (id: string, data = 'EqQB') => ({
		...{ type: 'reasoning.encrypted', data, id, format: 'google-gemini-v1', index: 0 },
	})

	function replayDetails(content: readonly unknown[], options: object = openRouter) {
		const results = content.flatMap(block => {
			const { type, id } = block as { type: string; id: string }
			return type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] : []
		})
		const messages = [
			{ role: 'user', content: 'go' },
			{ role: 'assistant', content },
			...(results.length > 0 ? [{ role: 'user', content: results }] : []),
		]
		const [answer] = convert({ messages }, options).body.messages.filter(({ role }) => role === 'assistant')
		return answer as { reasoning_details?: unknown; tool_calls?: { id: string; extra_content?: unknown }[] }
	}

	test('they come back as they came, before or with the calls', async () => {
		const { events } = readStream(
			[
				delta({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }] }),
				delta({ content: 'Now:' }),
				delta({ reasoning_details: [detail('a')] }),
				delta({ tool_calls: [{ index: 0, ...call('a') }], reasoning_details: [detail('b', 'X')] }),
				delta({ tool_calls: [{ index: 1, ...call('b') }] }),
				delta({}, 'tool_calls'),
				'[DONE]',
			],
			context,
		)
		const { content } = await readWithSdk(events)
		expect(content.map(({ type }) => type)).toEqual(['thinking', 'text', 'thinking', 'tool_use', 'tool_use'])
		const answer = replayDetails(content)
		expect(answer.reasoning_details).toEqual([detail('a'), detail('b', 'X')])
		expect(answer.tool_calls).toEqual([call('a'), call('b')])

		const message = { content: null, tool_calls: [call('a')], reasoning_details: [detail('a')] }
		const whole = readAnswer(completion(message, 'tool_calls'), context)
		expect(replayDetails(whole.message?.content ?? []).reasoning_details).toEqual([detail('a')])
	})

	test('a call of another model gets the one that says so, at OpenRouter alone', () => {
		const use = (id: string) => ({ type: 'tool_use', id, name: 'Read', input: { n: 1 } })
		const skipped = detail('a', 'skip_thought_signature_validator')
		expect(replayDetails([use('a'), use('b')]).reasoning_details).toEqual([skipped])
		expect(replayDetails([{ type: 'text', text: 'Hi' }])).not.toHaveProperty('reasoning_details')
		expect(replayDetails([use('a')], gemini)).not.toHaveProperty('reasoning_details')
		const claude = { ...openRouter, model: 'anthropic/claude-opus-5' }
		expect(replayDetails([use('a')], claude)).not.toHaveProperty('reasoning_details')
	})

	test('a call that is sent with another id takes its signature along', () => {
		const id = `tool_0_${'mcp__server__'.repeat(4)}`
		const thought = {
			...{ type: 'thinking', thinking: '' },
			signature: `claude-proxy:openai:openrouter:${JSON.stringify([detail(id)])}`,
		}
		const answer = replayDetails([thought, { type: 'tool_use', id, name: 'Read', input: {} }])
		const sentId = answer.tool_calls?.[0]?.id
		expect(sentId).toHaveLength(40)
		expect(answer.reasoning_details).toEqual([{ ...detail(id), id: sentId }])
	})

	test('a call whose id was used before has its signature under the new one', async () => {
		const chunks = [
			delta({ tool_calls: [call('a')], reasoning_details: [detail('a'), detail('b')] }),
			delta({}, 'tool_calls'),
		]
		const { events, blocks } = readStream(chunks, { ...context, usedIds: new Set(['a', 'a_2']) })
		const { content } = await readWithSdk(events)
		const answer = replayDetails(content)
		expect(answer.tool_calls).toEqual([call('a_3')])
		expect(answer.reasoning_details).toEqual([detail('a_3'), detail('b')])
		expect(blocks.notes).toMatchObject([{ field: 'tool_calls.id', action: 'repaired' }])
	})

	test('broken ones and those of a text are left out', async () => {
		const broken = ['claude-proxy:openai:openrouter:{', 'claude-proxy:openai:openrouter:[1,{"type":"x"}]']
		for (const signature of broken) {
			const content = [
				{ type: 'thinking', thinking: '', signature },
				{ type: 'text', text: 'Hi' },
			]
			expect(replayDetails(content)).not.toHaveProperty('reasoning_details')
		}
		const chunks = [delta({ content: 'Hi' }), delta({ reasoning_details: [detail('')] }, 'stop'), '[DONE]']
		const { events, blocks } = readStream(chunks, context)
		expect((await readWithSdk(events)).content).toMatchObject([{ type: 'text', text: 'Hi' }])
		expect(blocks.notes).toEqual([])
	})

	test('one that is refused is left to the one that says so', () => {
		const refusal = error('Provider returned error', {
			metadata: { raw: '{"error":{"message":"Corrupted thought signature."}}' },
		})
		const sent = {
			messages: [{ role: 'assistant', tool_calls: [call('a')], reasoning_details: [detail('a')] }],
		}
		expect(learnFrom(refusal, sent)).toEqual([{ fact: { kind: 'foreign-thinking' }, lasting: false }])
		const thought = {
			...{ type: 'thinking', thinking: '' },
			signature: `claude-proxy:openai:openrouter:${JSON.stringify([detail('a')])}`,
		}
		const content = [thought, { type: 'tool_use', id: 'a', name: 'Read', input: {} }]
		const facts = [{ kind: 'foreign-thinking' }]
		expect(replayDetails(content, { ...openRouter, facts }).reasoning_details).toEqual([
			detail('a', 'skip_thought_signature_validator'),
		])
	})
})

const sent = { messages: [{ role: 'assistant', content: null, tool_calls: [call('a'), call('b')] }] }
const missing = error(
	'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly.',
)

test('a refusal of calls without one teaches to say that theirs need not be checked', () => {
	expect(learnFrom([missing], sent)).toEqual([{ fact: { kind: 'call-signatures' }, lasting: true }])
	const use = (id: string) => ({ type: 'tool_use' as const, id, name: 'Read', input: { n: 1 } })
	const facts = [{ kind: 'call-signatures' }]
	const skipped = { extra_content: sig('skip_thought_signature_validator') }
	expect(replay([use('a'), use('b')], { ...gemini, facts })).toEqual([
		{ ...call('a'), ...skipped },
		call('b'),
	])
})

test('a refusal of a foreign one teaches it for this conversation', () => {
	const signed = { messages: [{ role: 'assistant', tool_calls: [call('a', { extra_content: sig('A') })] }] }
	expect(learnFrom([error('Corrupted thought signature.')], signed)).toEqual([
		{ fact: { kind: 'foreign-thinking' }, lasting: false },
	])
	expect(learnFrom([error('Corrupted thought signature.')], sent)).toEqual([])
	expect(learnFrom([missing], signed)).toEqual([])
	const thought = { type: 'thinking' as const, thinking: '', signature: 'claude-proxy:openai:vertex:A' }
	const use = { type: 'tool_use' as const, id: 'a', name: 'Read', input: { n: 1 } }
	const facts = [{ kind: 'foreign-thinking' }]
	expect(replay([thought, use], { ...gemini, facts })).toEqual([
		{ ...call('a'), extra_content: sig('skip_thought_signature_validator') },
	])
})
