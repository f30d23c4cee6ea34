import type { Change } from '../../../../core/config/change.ts'
import type { DiffChange } from '../components/ui/DiffView.svelte'
import type { Messages } from '../i18n/messages/en/index.ts'

type Words = Messages['common']['changes']

/** Changes as the admin API tells them (`Change[]`), as lines for DiffView. */
export function describeChanges(changes: readonly Change[], words: Words): DiffChange[] {
	return changes.flatMap(change => describeChange(change, words))
}

function describeChange(change: Change, words: Words): DiffChange[] {
	switch (change.kind) {
		case 'upstream-added':
			return [
				{ kind: 'added', group: change.name, label: words.upstream },
				...Object.entries(change.fields).map(([field, value]): DiffChange => {
					return { kind: 'added', group: change.name, label: field, after: toText(value) }
				}),
			]
		case 'upstream-removed': {
			const before = words.keys(change.keyCount)
			return [{ kind: 'removed', group: change.name, label: words.upstream, before }]
		}
		case 'upstream-changed':
			return Object.entries(change.fields).map(([field, { from, to }]): DiffChange => {
				return { kind: 'changed', group: change.name, label: field, before: toText(from), after: toText(to) }
			})
		case 'upstreams-reordered': {
			const list = (ids: string[]) => ids.map(id => change.names[id] ?? id).join(', ')
			return [changed(words.settings, words.order, list(change.from), list(change.to))]
		}
		case 'current-changed':
			return [
				changed(
					words.settings,
					words.current,
					change.fromName ?? change.from ?? words.none,
					change.toName ?? change.to ?? words.none,
				),
			]
		case 'strategy-changed':
			return [changed(words.settings, words.strategy, change.from, change.to)]
		case 'setting-changed':
			return [changed(words.settings, change.setting, toText(change.from), toText(change.to))]
		default:
			return describeKeyChange(change, words)
	}
}

type KeyChange = Extract<Change, { kind: `key${string}` }>

function describeKeyChange(change: KeyChange, words: Words): DiffChange[] {
	const group = change.name
	switch (change.kind) {
		case 'keys-added':
			return change.keys.map(key => ({ kind: 'added', group, label: words.key(key.mask) }))
		case 'key-removed':
			return [{ kind: 'removed', group, label: words.key(change.mask) }]
		case 'keys-reordered': {
			const list = (ids: string[]) => ids.map(id => change.masks?.[id] ?? id).join(', ')
			return [changed(group, words.keyOrder, list(change.from), list(change.to))]
		}
		case 'key-enabled':
			return [changed(group, words.key(change.mask), words.paused, words.enabled)]
		case 'key-disabled':
			return [changed(group, words.key(change.mask), words.enabled, words.paused)]
		case 'key-purged':
			return [{ kind: 'removed', group, label: words.key(change.mask), after: words.purged }]
	}
}

const changed = (group: string, label: string, before: string, after: string): DiffChange => {
	return { kind: 'changed', group, label, before, after }
}

const toText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
