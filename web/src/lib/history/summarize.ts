import type { Messages } from '../i18n/messages/en/index.ts'
import type { Change, Revision } from './types.ts'
import { listUpstreams } from './view.ts'

export interface SummaryWords {
	did: Messages['history']['did']
	settingNames: Messages['history']['settingNames']
	strategies: Messages['upstreams']['strategies']
	fieldNames: Messages['common']['changes']['fields']
	list: (items: readonly string[]) => string
}

/** A person's own message first; else what was done, in one sentence in the page's language. */
export function titleRevision(revision: Revision, words: SummaryWords): string {
	return hasOwnMessage(revision) ? revision.message : summarizeRevision(revision, words)
}

export function summarizeRevision({ changes, restoredFrom, author }: Revision, words: SummaryWords): string {
	const { did } = words
	if (restoredFrom !== undefined) return did.restored(String(restoredFrom))
	const [first] = changes
	if (first === undefined) return did.nothing
	if (author === 'import') return summarizeImport(changes, words)
	const main = findMain(changes)
	if (main !== undefined) return summarizeChange(main, changes, words)
	const upstreams = new Map(
		changes.flatMap(change => listUpstreams({ changes: [change] })).map(({ id, name }) => [id, name]),
	)
	if (upstreams.size === 0) return did.severalSettings(changes.length)
	return did.several(changes.length, words.list([...new Set(upstreams.values())]))
}

/** The one change that the others come with, if there is one: an upstream that comes with its keys and becomes current. */
function findMain(changes: readonly Change[]): Change | undefined {
	if (changes.length === 1) return changes[0]
	for (const kind of ['upstream-added', 'upstream-removed'] as const) {
		const [main, ...more] = changes.filter(change => change.kind === kind)
		if (main?.kind !== kind || more.length > 0) continue
		const belongs = (change: Change) =>
			change.kind === 'current-changed' || ('upstreamId' in change && change.upstreamId === main.upstreamId)
		if (changes.every(belongs)) return main
	}
	return undefined
}

function summarizeImport(changes: readonly Change[], { did }: SummaryWords): string {
	const idsOf = (kinds: readonly Change['kind'][]) =>
		new Set(
			changes.flatMap(change =>
				'upstreamId' in change && kinds.includes(change.kind) ? [change.upstreamId] : [],
			),
		)
	const added = idsOf(['upstream-added'])
	const removed = idsOf(['upstream-removed'])
	const touched = new Set(changes.flatMap(change => ('upstreamId' in change ? [change.upstreamId] : [])))
	return did.imported(added.size, touched.size - added.size - removed.size, removed.size)
}

function summarizeChange(change: Change, changes: readonly Change[], words: SummaryWords): string {
	const { did } = words
	switch (change.kind) {
		case 'upstream-added': {
			const keys = changes.reduce((sum, one) => sum + (one.kind === 'keys-added' ? one.keys.length : 0), 0)
			return did.upstreamAdded(change.name, keys)
		}
		case 'upstream-removed':
			return did.upstreamRemoved(change.name, change.keyCount)
		case 'upstream-changed':
			return summarizeFields(change, words)
		case 'upstreams-reordered':
			return did.upstreamsReordered
		case 'current-changed': {
			const name = change.toName ?? change.to
			return name === undefined ? did.noCurrent : did.current(name)
		}
		case 'strategy-changed':
			return did.strategy(words.strategies[change.to].name)
		case 'setting-changed':
			return did.setting(words.settingNames[change.setting] ?? change.setting)
		case 'keys-added':
			return did.keysAdded(change.name, change.keys.length)
		case 'keys-reordered':
			return did.keysReordered(change.name)
		case 'key-removed':
			return did.keyRemoved(change.mask, change.name)
		case 'key-enabled':
			return did.keyEnabled(change.mask, change.name)
		case 'key-disabled':
			return did.keyDisabled(change.mask, change.name)
		case 'key-purged':
			return did.keyPurged(change.mask, change.name)
	}
}

const mostFields = 3

function summarizeFields(
	{ name, fields }: Extract<Change, { kind: 'upstream-changed' }>,
	{ did, list, fieldNames }: SummaryWords,
): string {
	const names = Object.keys(fields)
	if (names.length > mostFields) return did.upstreamChangedMuch(name, names.length)
	if (names.length === 1 && fields.name)
		return did.upstreamRenamed(String(fields.name.from), String(fields.name.to))
	if (names.length === 1 && fields.enabled)
		return fields.enabled.to === true ? did.upstreamEnabled(name) : did.upstreamDisabled(name)
	return did.upstreamChanged(name, list(names.map(field => fieldNames[field] ?? field)))
}

/** Whether a person wrote the message; what the server writes by itself is told in the page's language instead. */
export function hasOwnMessage({ message, changes, restoredFrom, author }: Revision): boolean {
	if (message === '' || message === `Restored revision ${restoredFrom}`) return false
	if (author === 'import' && /^Imported (?:a config\.json|an export): /.test(message)) return false
	const settings = changes.flatMap(change => {
		if (change.kind === 'strategy-changed') return ['strategy']
		return change.kind === 'setting-changed' ? [change.setting] : []
	})
	if (settings.length > 0 && message === `Changed ${settings.join(', ')}`) return false
	return !changes.some(change => listServerSentences(change).includes(message))
}

/** What the server writes when nobody gave a message: `db/repositories/plans`. */
function listServerSentences(change: Change): string[] {
	switch (change.kind) {
		case 'upstream-added':
			return [`Added upstream ${change.name}`]
		case 'upstream-removed':
			return [`Removed upstream ${change.name}`]
		case 'upstream-changed':
			return [change.name, change.fields.name?.from].map(
				name => `Changed ${Object.keys(change.fields).join(', ')} of ${name}`,
			)
		case 'upstreams-reordered':
			return ['Changed the order of the upstreams']
		case 'current-changed':
			return [`Made ${change.toName} the current upstream`]
		case 'strategy-changed':
			return [`Set the strategy to ${change.to}`]
		case 'keys-added': {
			const count = change.keys.length
			return [`Added ${count === 1 ? 'a key' : `${count} keys`} to ${change.name}`]
		}
		case 'keys-reordered':
			return [`Changed the order of the keys of ${change.name}`]
		case 'key-removed':
			return [`Removed key ${change.mask} of ${change.name}`]
		case 'key-enabled':
			return [`Resumed key ${change.mask} of ${change.name}`]
		case 'key-disabled':
			return [`Paused key ${change.mask} of ${change.name}`]
		case 'key-purged':
			return [`Purged key ${change.mask} of ${change.name}`]
		default:
			return []
	}
}

export interface ChangeCounts {
	added: number
	removed: number
	changed: number
}

/** Upstreams and keys that came and went, and fields and settings that changed. */
export function countChanges(changes: readonly Change[]): ChangeCounts {
	const counts = { added: 0, removed: 0, changed: 0 }
	for (const change of changes) {
		if (change.kind === 'upstream-added') counts.added++
		else if (change.kind === 'keys-added') counts.added += change.keys.length
		else if (change.kind === 'upstream-removed') counts.removed += 1 + change.keyCount
		else if (change.kind === 'key-removed' || change.kind === 'key-purged') counts.removed++
		else if (change.kind === 'upstream-changed') counts.changed += Object.keys(change.fields).length
		else counts.changed++
	}
	return counts
}
