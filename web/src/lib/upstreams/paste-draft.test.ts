import { expect, it } from 'vitest'
import { emptyDraft } from './draft.ts'
import { freeName, pasteInto } from './paste-draft.ts'

const key = 'sk-aB3dE5gH7jK9mN1pQ2rS4tU6'
const block = `export ANTHROPIC_BASE_URL=https://relay.example/api\nexport ANTHROPIC_AUTH_TOKEN=${key}`
const free = () => true

it('fills an empty draft, and says what it found without the key', () => {
	const outcome = pasteInto(emptyDraft(), block, free)
	expect(outcome?.draft).toMatchObject({
		...{ baseUrl: 'https://relay.example/api', type: 'claude', name: 'relay', keyText: key },
	})
	expect(outcome?.detection).toMatchObject({ url: 'https://relay.example/api', masks: ['sk-…4tU6'] })
	expect(JSON.stringify(outcome?.detection)).not.toContain(key)
})

it('keeps the name that somebody has typed, and the keys that are there', () => {
	const outcome = pasteInto({ ...emptyDraft(), name: 'mine', keyText: 'other-key' }, block, free)
	expect(outcome?.draft).toMatchObject({ name: 'mine', keyText: `other-key\n${key}` })
})

it('leaves the draft alone when there is nothing to use', () => {
	expect(pasteInto(emptyDraft(), 'good morning', free)).toBeUndefined()
})

it('finds a name that is free', () => {
	expect(freeName('kimi', name => !['kimi', 'kimi 2'].includes(name))).toBe('kimi 3')
})
