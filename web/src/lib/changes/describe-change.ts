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
				...Object.entries(change.fields)
					.filter(([field, value]) => saysSomething(field, value))
					.map(([field, value]): DiffChange => {
						return {
							kind: 'added',
							group: change.name,
							label: nameField(field, words),
							after: toText(value, words),
						}
					}),
			]
		case 'upstream-removed': {
			const before = words.keys(change.keyCount)
			return [{ kind: 'removed', group: change.name, label: words.upstream, before }]
		}
		case 'upstream-changed':
			return Object.entries(change.fields).flatMap(([field, { from, to }]) =>
				describeValue({ group: change.name, field, words }, from, to),
			)
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
			return describeValue({ group: words.settings, field: change.setting, words }, change.from, change.to)
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

interface Subject {
	group: string
	/** As the schema has it. */
	field: string
	words: Words
}

/** Of an object what differs in it, as `recording.days`; the whole when that is nothing but the order. */
function describeValue({ group, field, words }: Subject, from: unknown, to: unknown): DiffChange[] {
	const whole = [changed(group, nameField(field, words), toText(from, words), toText(to, words))]
	if (!isObject(from) || !isObject(to)) return whole
	const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
	const lines = names.flatMap((name): DiffChange[] => {
		const part = { group, label: nameField(`${field}.${name}`, words) }
		const [before, after] = [toText(from[name], words), toText(to[name], words)]
		if (!(name in from)) return [{ kind: 'added', ...part, after }]
		if (!(name in to)) return [{ kind: 'removed', ...part, before }]
		return before === after ? [] : [{ kind: 'changed', ...part, before, after }]
	})
	return lines.length > 0 ? lines : whole
}

/** Of a new upstream: its name stands above, and most fields are as they always are. */
function saysSomething(field: string, value: unknown): boolean {
	if (field === 'name' || (field === 'authStyle' && value === 'auto')) return false
	if (field === 'enabled') return value === false
	return !(
		value === '' ||
		value === 0 ||
		value === false ||
		(isObject(value) && Object.keys(value).length === 0)
	)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value)

const changed = (group: string, label: string, before: string, after: string): DiffChange => {
	return { kind: 'changed', group, label, before, after }
}

/** What the form calls a field, or a part of one; a name of another version as it is. */
function nameField(path: string, words: Words): string {
	const known = words.fields[path]
	if (known !== undefined) return known
	const [field = '', ...part] = path.split('.')
	const name = words.fields[field] ?? field
	return part.length > 0 ? words.part(name, part.join('.')) : name
}

function toText(value: unknown, words: Words): string {
	if (typeof value === 'boolean') return value ? words.yes : words.no
	return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
