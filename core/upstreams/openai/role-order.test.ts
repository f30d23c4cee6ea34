import { expect, test } from 'vitest'
import type { LearnedFact } from '../../config/learned-facts.ts'
import { error, learnFrom } from './learn-testing.ts'
import { respectFacts } from './repair.ts'
import type { ChatMessage } from './wire.ts'

const fact: LearnedFact = { kind: 'role-order' }
const user = (content: string) => ({ role: 'user' as const, content })
const call = {
	role: 'assistant' as const,
	content: null,
	tool_calls: [{ id: 'a', type: 'function' as const, function: { name: 'f', arguments: '{}' } }],
}
const result = { role: 'tool' as const, tool_call_id: 'a', content: 'ok' }

function order(messages: ChatMessage[], ...facts: LearnedFact[]) {
	const notes: { action: string }[] = []
	const body = respectFacts({ model: 'm', messages }, [fact, ...facts], notes as never)
	return { messages: body.messages, actions: notes.map(({ action }) => action) }
}

test.each([
	// charmbracelet/crush#279, NousResearch/hermes-agent#20154
	["Unexpected role 'user' after role 'tool'", [user('go'), call, result, user('and')]],
	[
		'After the optional system message, conversation roles must alternate user and assistant roles except for tool calls and results.',
		[user('go'), user('on')],
	],
	['Conversation roles must alternate user/assistant/user/assistant/...', [user('go'), user('on')]],
	[
		'Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant',
		[user('go'), { role: 'assistant', content: '{' }],
	],
])('%s: the order is learned', (message, messages) => {
	expect(learnFrom(error(message), { messages })).toEqual([{ fact, lasting: true }])
	expect(learnFrom(error(message), { messages: [user('go'), call, result] })).toEqual([])
})

test('the user speaks once at a time, and after an answer to the tool', () => {
	const image = { type: 'image_url' as const, image_url: { url: 'https://x.example/a.png' } }
	expect(
		order([user('go'), user('on'), call, result, result, user('and'), { role: 'user', content: [image] }]),
	).toEqual({
		messages: [
			user('go\n\non'),
			call,
			result,
			result,
			{ role: 'assistant', content: 'OK.' },
			{ role: 'user', content: [{ type: 'text', text: 'and' }, image] },
		],
		actions: ['replaced'],
	})
})

test('a system prompt that becomes the user’s is ordered with the rest, whichever was learned first', () => {
	const { messages } = order([{ role: 'system', content: 's' }, user('go')], {
		kind: 'no-role',
		role: 'system',
	})
	expect(messages).toEqual([user('<system-reminder>\ns\n</system-reminder>\n\ngo')])
})

test('the user has the last word, so that a prefilled answer is gone on with', () => {
	const prefill = { role: 'assistant' as const, content: '{' }
	const asked = user('Continue exactly where your last message ends.')
	expect(order([user('go'), prefill])).toEqual({
		messages: [user('go'), prefill, asked],
		actions: ['replaced'],
	})
})

test('what is in order stays as it is', () => {
	expect(order([user('go'), call, result])).toEqual({ messages: [user('go'), call, result], actions: [] })
})
