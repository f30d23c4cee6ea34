import type { TransferDocument, TransferKey, TransferUpstream } from '../../core/config/transfer/document.ts'
import type { Report } from '../../core/config/transfer/report.ts'
import { maskKey } from '../../core/keys/mask.ts'
import { newId } from '../ids.ts'
import type { KeyRow } from '../repositories/config-load.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import type { ImportMode } from './match-upstreams.ts'

export interface KeyScope {
	keyRing: KeyRing
	mode: ImportMode
	/** What the file holds of keys. */
	kind: TransferDocument['keys']
	/** Ids that a new key cannot have. */
	takenIds: Set<string>
	now: number
	report: Report
}

/** The keys that an upstream has after the import. Those that it has already keep their rows, and so their health. */
export function resolveKeys(
	upstream: TransferUpstream,
	upstreamId: string,
	existing: readonly KeyRow[],
	scope: KeyScope,
): KeyRow[] {
	const { keys } = upstream
	if (keys === undefined) return [...existing]
	const left = new Map(existing.map(row => [row.id, row]))
	const resolved = keys.flatMap((key, index): KeyRow[] => {
		const row = findRow(key, left, scope.keyRing)
		if (row !== undefined) {
			left.delete(row.id)
			return [changeRow(row, key, scope)]
		}
		const made = makeRow(key, upstreamId, scope)
		if (made !== undefined) return [made]
		const mask = key.mask === undefined ? `key ${index + 1}` : `key ${key.mask}`
		scope.report.warn(upstream.path, `${mask} of ${upstream.fields.name} is not in the file: add it by hand`)
		return []
	})
	// A file without keys does not say that keys are to go.
	if (scope.mode === 'replace') return scope.kind === 'none' ? [...resolved, ...left.values()] : resolved
	const changed = new Map(resolved.map(row => [row.id, row]))
	const known = existing.map(row => changed.get(row.id) ?? row)
	return [...known, ...resolved.filter(({ id }) => !existing.some(row => row.id === id))]
}

/** The same secret; or, where one side has none that can be read, the same id or fingerprint. */
function findRow(key: TransferKey, left: ReadonlyMap<string, KeyRow>, keyRing: KeyRing): KeyRow | undefined {
	const { id, secret, fingerprint } = key
	const named = id === undefined ? undefined : left.get(id)
	if (secret === undefined) return named ?? [...left.values()].find(row => row.fingerprint === fingerprint)
	const same = keyRing.fingerprints(secret)
	const found = [...left.values()].find(row => same.includes(row.fingerprint))
	if (found !== undefined) return found
	return named !== undefined && keyRing.open(named.secret, named.id) === undefined ? named : undefined
}

/** A key that could not be opened any more, and is in the file, can be again. */
function changeRow(row: KeyRow, key: TransferKey, { keyRing, mode }: KeyScope): KeyRow {
	const unsaid = mode === 'replace' ? 1 : row.enabled
	const enabled = key.enabled === undefined ? unsaid : Number(key.enabled)
	const lost = key.secret !== undefined && keyRing.open(row.secret, row.id) === undefined
	return lost ? { ...row, enabled, ...sealSecret(key.secret ?? '', row.id, keyRing) } : { ...row, enabled }
}

function makeRow(key: TransferKey, upstreamId: string, scope: KeyScope): KeyRow | undefined {
	if (key.secret === undefined) return undefined
	const id = key.id === undefined || scope.takenIds.has(key.id) ? newId('key') : key.id
	scope.takenIds.add(id)
	return {
		...{ id, upstream_id: upstreamId, ...sealSecret(key.secret, id, scope.keyRing) },
		...{ enabled: key.enabled === false ? 0 : 1, position: 0, created_at: scope.now },
	}
}

function sealSecret(secret: string, id: string, keyRing: KeyRing) {
	return {
		secret: keyRing.seal(secret, id),
		fingerprint: keyRing.fingerprint(secret),
		mask: maskKey(secret),
	}
}
