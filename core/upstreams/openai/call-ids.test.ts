import { expect, test } from 'vitest'
import type { Note } from '../../messages/notes.ts'
import { error, learnFrom } from './learn-testing.ts'
import { respectFacts } from './repair.ts'
import type { ChatMessage } from './wire.ts'

const fact = { kind: 'foreign-tool-ids' } as const
const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '{}' } })
const turn = (...ids: string[]): ChatMessage[] => [
	{ role: 'assistant', content: null, tool_calls: ids.map(call) },
	...ids.map(id => ({ role: 'tool' as const, tool_call_id: id, content: 'ok' })),
]
const mistral = error('Tool call id was toolu_01 but must be a-z, A-Z, 0-9, with a length of 9.')

/** The ids of the calls, and of the results. */
function rename(messages: ChatMessage[]) {
	const notes: Note[] = []
	const body = respectFacts({ model: 'm', messages: structuredClone(messages) }, [fact], notes)
	const calls = body.messages.flatMap(message => ('tool_calls' in message ? (message.tool_calls ?? []) : []))
	const results = body.messages.flatMap(message => (message.role === 'tool' ? [message.tool_call_id] : []))
	return { calls: calls.map(({ id }) => id), results, notes }
}

test('Mistral refuses ids that another upstream gave: true of the conversation', () => {
	expect(learnFrom(mistral, { messages: turn('toolu_01') })).toEqual([{ fact, lasting: false }])
	expect(learnFrom(mistral, { messages: turn('AbCd12345') })).toEqual([])
})

test('they are replaced in calls and results alike, its own stay', () => {
	const { calls, results, notes } = rename([...turn('toolu_01', 'AbCd12345'), ...turn('call_2')])
	expect(results).toEqual(calls)
	expect(calls[1]).toBe('AbCd12345')
	expect(new Set(calls).size).toBe(3)
	for (const id of calls) expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
	expect(notes).toMatchObject([{ field: 'messages', action: 'replaced' }])
	expect(rename([...turn('toolu_01', 'AbCd12345'), ...turn('call_2')]).calls).toEqual(calls)
	expect(rename(turn('AbCd12345')).notes).toEqual([])
})
