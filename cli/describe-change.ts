import type { Change, FieldChange } from '../core/config/change.ts'
import { hidden } from '../core/config/redact.ts'
import type { CommandCall } from './command.ts'
import { toOneLine } from './ui/clean-text.ts'

type Mark = '+' | '-' | '~'
type Line = [mark: Mark, text: string]

/** What changed, one line each: `+` came, `-` went, `~` is another. */
export function describeChanges(
	changes: readonly Change[],
	{ style, texts }: Pick<CommandCall, 'style' | 'texts'>,
): string[] {
	const paint = { '+': style.good, '-': style.bad, '~': style.caution }
	return changes
		.flatMap(describeChange)
		.map(([mark, text]) => `${paint[mark](mark)} ${texts.say(toOneLine(text))}`)
}

/** `2 added, 1 changed` */
export function countChanges(changes: readonly Change[], { say, label, list }: CommandCall['texts']): string {
	const lines = changes.flatMap(describeChange)
	const count = (wanted: Mark) => lines.filter(([mark]) => mark === wanted).length
	const parts = [
		{ number: count('+'), text: `${count('+')} added` },
		{ number: count('~'), text: `${count('~')} changed` },
		{ number: count('-'), text: `${count('-')} removed` },
	].filter(({ number }) => number > 0)
	return parts.length === 0 ? label('nothing') : list(parts.map(({ text }) => say(text)))
}

function describeChange(change: Change): Line[] {
	switch (change.kind) {
		case 'upstream-added': {
			const { type, baseUrl } = change.fields
			return [['+', `upstream ${change.name} (${[type, baseUrl].filter(Boolean).join(', ')})`]]
		}
		case 'upstream-removed':
			return [['-', `upstream ${change.name} and ${countKeys(change.keyCount)}`]]
		case 'upstream-changed':
			return Object.entries(change.fields).flatMap(([field, values]) =>
				describeField(change.name, field, values),
			)
		case 'upstreams-reordered':
			return [['~', `order of the upstreams: ${change.to.map(id => change.names[id] ?? id).join(', ')}`]]
		case 'current-changed':
			return [['~', `current upstream: ${nameOf(change, 'from')} -> ${nameOf(change, 'to')}`]]
		case 'strategy-changed':
			return [['~', `strategy: ${change.from} -> ${change.to}`]]
		case 'setting-changed':
			return [['~', `${change.setting}: ${format(change.from)} -> ${format(change.to)}`]]
		default:
			return describeKeyChange(change)
	}
}

function describeKeyChange(change: Extract<Change, { kind: `key${string}` }>): Line[] {
	const { name } = change
	switch (change.kind) {
		case 'keys-added':
			return change.keys.map(({ mask }) => ['+', `${name}: key ${mask}`])
		case 'key-removed':
			return [['-', `${name}: key ${change.mask}`]]
		case 'keys-reordered':
			return [
				['~', `${name}: order of the keys: ${change.to.map(id => change.masks?.[id] ?? id).join(', ')}`],
			]
		case 'key-enabled':
			return [['~', `${name}: key ${change.mask} resumed`]]
		case 'key-disabled':
			return [['~', `${name}: key ${change.mask} paused`]]
		case 'key-purged': {
			const revisions = change.revisions === 1 ? '1 revision' : `${change.revisions} revisions`
			const places = [...(change.wasInUse ? ['the configuration'] : []), revisions]
			return [['-', `${name}: key ${change.mask} purged from ${places.join(' and ')}`]]
		}
	}
}

const labels: Record<string, string> = {
	baseUrl: 'URL',
	insecureSkipVerify: 'unverified TLS',
	modelMap: 'model map',
	extraHeaders: 'header',
	proxyUrl: 'proxy',
	authStyle: 'auth style',
	timeoutMs: 'timeout (ms)',
	maxConcurrent: 'requests at once',
	keyConcurrent: 'requests at once per key',
	firstContentMs: 'wait for first content (ms)',
}

function describeField(name: string, field: string, { from, to }: FieldChange): Line[] {
	const label = `${name}: ${labels[field] ?? field}`
	if (isTextMap(from) && isTextMap(to)) return describeMap(label, from, to)
	const [before, after] = [format(from), format(to)]
	// Only what is hidden differs.
	if (before === after) return [['~', `${label}: ${after} (another secret part)`]]
	return [['~', `${label}: ${before} -> ${after}`]]
}

function describeMap(label: string, from: Record<string, string>, to: Record<string, string>): Line[] {
	const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])]
	const lines = keys.flatMap((key): Line[] => {
		const [before, after] = [from[key], to[key]]
		if (before === undefined) return [['+', `${label} ${key}: ${after}`]]
		if (after === undefined) return [['-', `${label} ${key}: ${before}`]]
		if (after === hidden) return []
		return before === after ? [] : [['~', `${label} ${key}: ${before} -> ${after}`]]
	})
	return lines.length > 0 ? lines : [['~', `${label}: another order or other values`]]
}

function isTextMap(value: unknown): value is Record<string, string> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function format(value: unknown): string {
	if (value === undefined || value === '') return 'none'
	return typeof value === 'string' ? value : JSON.stringify(value)
}

function nameOf(change: Extract<Change, { kind: 'current-changed' }>, side: 'from' | 'to'): string {
	return change[`${side}Name`] ?? change[side] ?? 'none'
}

function countKeys(count: number): string {
	return count === 1 ? 'its 1 key' : `its ${count} keys`
}
