import { expect, test } from 'vitest'
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
