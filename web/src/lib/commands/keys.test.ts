import { expect, it } from 'vitest'
import { describeKeys, matchKeys, nameKey } from './keys.ts'

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

it.each([
	[{ key: 'k', ctrlKey: true }, 'mod+k'],
	[{ key: 'k', metaKey: true }, 'mod+k'],
	[{ key: 'T', shiftKey: true }, 'Shift+T'],
	[{ key: '?', shiftKey: true }, '?'],
	[{ key: 'K' }, 'k'],
	[{ key: 'Enter' }, 'Enter'],
])('names %j %s', (pressed, name) => {
	expect(nameKey({ ...plain, ...pressed })).toBe(name)
})

const items = [
	{ id: 'go', keys: 'g a' },
	{ id: 'test', keys: 't' },
	{ id: 'mouse only' },
	{ id: 'page', keys: 't' },
]

it('waits for the rest of a sequence', () => {
	expect(matchKeys(items, ['g'])).toEqual({ kind: 'wait' })
	expect(matchKeys(items, ['g', 'a'])).toMatchObject({ kind: 'run', item: { id: 'go' } })
	expect(matchKeys(items, ['g', 'x'])).toEqual({ kind: 'none' })
})

it('prefers the page to the shell', () => {
	expect(matchKeys(items, ['t'])).toMatchObject({ item: { id: 'page' } })
})

it('writes keys as the computer does', () => {
	expect(describeKeys('mod+k', 'MacIntel')).toEqual(['⌘', 'K'])
	expect(describeKeys('mod+k', 'Linux x86_64')).toEqual(['Ctrl', 'K'])
	expect(describeKeys('g a', 'Win32')).toEqual(['G', 'A'])
})
