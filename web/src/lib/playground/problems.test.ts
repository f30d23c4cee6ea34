import { expect, it } from 'vitest'
import { en } from '../i18n/messages/en/index.ts'
import { createMessage, type Draft, emptyDraft } from './draft.ts'
import { checkDraft, readBody } from './problems.ts'

const words = en.playground.problems
const check = (change: Partial<Draft>) => checkDraft({ ...emptyDraft(), ...change }, words)

it('finds nothing wrong with what a new page begins with', () => {
	expect(check({})).toEqual({})
})

it.each<[Partial<Draft>, string]>([
	[{ model: ' ' }, 'model'],
	[{ maxTokens: '0' }, 'maxTokens'],
	[{ maxTokens: '1.5' }, 'maxTokens'],
	[{ temperature: 'warm' }, 'temperature'],
	[{ thinking: 'enabled', budget: '' }, 'budget'],
	[{ tools: '[{]' }, 'tools'],
	[{ tools: '{"name":"get"}' }, 'tools'],
	[{ tools: '[{"input_schema":{}}]' }, 'tools'],
	[{ tools: '[{"name":"get"}]' }, 'tools'],
	[{ systemBlocks: true, system: '[' }, 'system'],
	[{ messages: [] }, 'messages'],
])('finds %j wrong', (change, field) => {
	expect(Object.keys(check(change))).toEqual([field])
})

it('takes tools that the vendor runs, and a budget that is not used', () => {
	expect(check({ tools: '[{"type":"web_search_20250305","name":"web_search"}]', budget: '' })).toEqual({})
})

it('names the part whose JSON is broken', () => {
	const message = createMessage('user', { kind: 'json', id: 7001, text: '{' })
	expect(check({ messages: [message] })).toEqual({ 'part.7001': words.json })
})

it('reads a request that was typed as JSON', () => {
	expect(readBody('{"model":"m"}', words)).toEqual({ body: { model: 'm' } })
	expect(readBody('{"model":', words)).toEqual({ problem: words.json })
	expect(readBody('[1]', words)).toEqual({ problem: words.object })
})
