import { expect, it } from 'vitest'
import { listViews, readText } from './payload-views.ts'

const payload = { contentType: 'application/json', truncated: false, bytes: 2, redacted: false, headers: {} }
const events = [
	{ at: 1, text: 'a' },
	{ at: 2, text: 'b' },
]

it('offers the views that there is something for', () => {
	expect(listViews('upstreamRequest', payload, {})).toEqual(['pretty', 'raw', 'curl'])
	expect(listViews('clientRequest', payload, undefined)).toEqual(['raw'])
	expect(listViews('clientAnswer', { ...payload, events }, undefined)).toEqual(['events', 'raw'])
	expect(listViews('clientAnswer', { ...payload, events: [] }, {})).toEqual(['pretty', 'raw'])
})

it('reads the text of a stream from its events', () => {
	expect(readText({ ...payload, events })).toBe('a\n\nb')
	expect(readText({ ...payload, text: '{}', events })).toBe('{}')
	expect(readText(payload)).toBe('')
})
