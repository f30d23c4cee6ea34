import { describe, expect, it } from 'vitest'
import { createFormats } from '../i18n/formats.ts'
import { en } from '../i18n/messages/en/index.ts'
import { countChanges, hasOwnMessage, summarizeRevision, titleRevision } from './summarize.ts'
import type { Change, Revision } from './types.ts'

const words = {
	did: en.history.did,
	settingNames: en.history.settingNames,
	strategies: en.upstreams.strategies,
	fieldNames: en.common.changes.fields,
	list: createFormats('en').list,
}
const kimi = { upstreamId: 'up_1', name: 'kimi' }
const key = { id: 'key_1', mask: 'sk-…1111' }
const added: Change = { kind: 'upstream-added', ...kimi, fields: { name: 'kimi' } }
const keysAdded: Change = { kind: 'keys-added', ...kimi, keys: [key, { id: 'key_2', mask: 'sk-…2222' }] }
const current: Change = { kind: 'current-changed', from: undefined, to: 'up_1', toName: 'kimi' }
const changed = (fields: Record<string, { from: unknown; to: unknown }>): Change => ({
	kind: 'upstream-changed',
	...kimi,
	fields,
})
const revision = (changes: Change[], more: Partial<Revision> = {}): Revision => ({
	...{ revision: 7, at: 0, author: 'web', message: '', pinned: false, changes },
	...more,
})

describe('the sentence of a revision', () => {
	it.each<[string, Change[], Partial<Revision>?]>([
		['Added kimi with 2 keys', [added, keysAdded, current]],
		['Added kimi', [added]],
		[
			'Deleted kimi and its 1 key',
			[
				{ kind: 'upstream-removed', ...kimi, keyCount: 1 },
				{ ...current, to: undefined },
			],
		],
		['Renamed kimi to moonshot', [changed({ name: { from: 'kimi', to: 'moonshot' } })]],
		['Disabled kimi', [changed({ enabled: { from: true, to: false } })]],
		[
			'Changed kimi: Base URL and Longest silence (ms)',
			[changed({ baseUrl: { from: 'a', to: 'b' }, timeoutMs: { from: 0, to: 1 } })],
		],
		[
			'2 changes to kimi',
			[
				changed({ timeoutMs: { from: 0, to: 1 } }),
				{ kind: 'key-disabled', ...kimi, keyId: 'key_1', mask: 'sk-…1111' },
			],
		],
		['Set the key strategy to Random', [{ kind: 'strategy-changed', from: 'failover', to: 'random' }]],
		['Restored revision 3', [added], { restoredFrom: 3 }],
		['Imported a file: 1 added, 0 changed, 0 deleted', [added, keysAdded], { author: 'import' }],
		['Changed nothing', []],
	])('%s', (sentence, changes, more) => {
		expect(summarizeRevision(revision(changes, more), words)).toBe(sentence)
	})

	it('is a person’s own, where they wrote one', () => {
		expect(titleRevision(revision([added], { message: 'Added upstream kimi' }), words)).toBe('Added kimi')
		const own = revision([added], { message: 'Added upstream kimi for the team' })
		expect(titleRevision(own, words)).toBe('Added upstream kimi for the team')
		expect(hasOwnMessage(own)).toBe(true)
	})

	it.each<[string, Change[]]>([
		['Added 2 keys to kimi', [keysAdded]],
		['Changed timeoutMs of kimi', [changed({ timeoutMs: { from: 0, to: 1 } })]],
		[
			'Changed name of kimi',
			[{ ...changed({ name: { from: 'kimi', to: 'moonshot' } }), name: 'moonshot' } as Change],
		],
		['Made kimi the current upstream', [current]],
		['Changed recording', [{ kind: 'setting-changed', setting: 'recording', from: 1, to: 2 }]],
		['Restored revision 3', []],
	])('knows the server’s own: %s', (message, changes) => {
		const more = message.startsWith('Restored') ? { restoredFrom: 3 } : {}
		expect(hasOwnMessage(revision(changes, { message, ...more }))).toBe(false)
	})
})

it('counts upstreams, keys and fields', () => {
	const removed: Change = { kind: 'upstream-removed', ...kimi, keyCount: 2 }
	expect(countChanges([added, keysAdded, current, removed])).toEqual({ added: 3, removed: 3, changed: 1 })
	expect(countChanges([changed({ a: { from: 1, to: 2 }, b: { from: 1, to: 2 } })]).changed).toBe(2)
})
