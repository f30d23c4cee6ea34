import { keySecretSchema } from '../../../core/config/upstream.ts'
import { maskKey } from '../../../core/keys/mask.ts'
import { newId } from '../../ids.ts'
import type { KeyRing } from '../../secrets/key-ring.ts'
import type { Statement } from '../../sql.ts'
import { findOwners } from '../../transfer/judge-keys.ts'
import type { LoadedConfig } from '../config-load.ts'
import * as edits from '../upstream-edits.ts'
import { findKey, findUpstream, mergeOrder, noChange, notFound, type Plan, parse } from './plan.ts'

export interface AddedKeys {
	added: { id: string; mask: string }[]
	/** Keys that this upstream has already, or that were given twice. */
	duplicates: { id: string; mask: string }[]
	/** Added ones that another upstream has as well. */
	elsewhere: { mask: string; upstreamId: string; upstreamName: string }[]
}

export function planAddKeys(
	config: LoadedConfig,
	keyRing: KeyRing,
	upstreamId: string,
	secrets: readonly string[],
): Plan<AddedKeys> {
	const upstream = findUpstream(config, upstreamId)
	const { edits: statements, ...result } = planKeys(config, keyRing, upstreamId, secrets)
	const { added } = result
	return {
		edits: statements,
		diff: [{ kind: 'keys-added', upstreamId, name: upstream.name, keys: added }],
		message: `Added ${added.length === 1 ? 'a key' : `${added.length} keys`} to ${upstream.name}`,
		result,
	}
}

export function planRemoveKey(config: LoadedConfig, id: string): Plan<undefined> {
	const { upstream, key } = findKey(config, id)
	const change = { upstreamId: upstream.id, name: upstream.name, keyId: id, mask: key.mask }
	return {
		edits: [edits.deleteKey(id)],
		diff: [{ kind: 'key-removed', ...change }],
		message: `Removed key ${key.mask} of ${upstream.name}`,
		result: undefined,
	}
}

export function planSetKeyEnabled(config: LoadedConfig, id: string, enabled: boolean): Plan<undefined> {
	const { upstream, key } = findKey(config, id)
	if ((key.enabled !== 0) === enabled) return { ...noChange, result: undefined }
	const change = { upstreamId: upstream.id, name: upstream.name, keyId: id, mask: key.mask }
	return {
		edits: [edits.enableKey(id, enabled)],
		diff: [{ kind: enabled ? 'key-enabled' : 'key-disabled', ...change }],
		message: `${enabled ? 'Resumed' : 'Paused'} key ${key.mask} of ${upstream.name}`,
		result: undefined,
	}
}

/** Keys that `ids` does not name keep their order behind those that it does. */
export function planReorderKeys(
	config: LoadedConfig,
	upstreamId: string,
	ids: readonly string[],
): Plan<undefined> {
	const { name, keys } = findUpstream(config, upstreamId)
	const from = keys.map(key => key.id)
	const unknown = ids.find(id => !from.includes(id))
	if (unknown !== undefined) throw notFound(`Upstream ${name} has no key ${unknown}.`)
	const to = mergeOrder(ids, from)
	if (to.join() === from.join()) return { ...noChange, result: undefined }
	const masks = Object.fromEntries(keys.map(key => [key.id, key.mask]))
	return {
		edits: [edits.orderKeys(upstreamId, to)],
		diff: [{ kind: 'keys-reordered', upstreamId, name, from, to, masks }],
		message: `Changed the order of the keys of ${name}`,
		result: undefined,
	}
}

/** `upstreamId` may be that of an upstream which is only being added. */
export function planKeys(
	config: LoadedConfig,
	keyRing: KeyRing,
	upstreamId: string,
	secrets: readonly string[],
): AddedKeys & { edits: Statement[] } {
	const existing = config.upstreams.find(({ id }) => id === upstreamId)?.keys ?? []
	const known = new Map(existing.map(({ fingerprint, id, mask }) => [fingerprint, { id, mask }]))
	const plan: AddedKeys & { edits: Statement[] } = { added: [], duplicates: [], elsewhere: [], edits: [] }
	for (const text of secrets) {
		const secret = parse(keySecretSchema, text, 'key')
		const fingerprints = keyRing.fingerprints(secret)
		const same = fingerprints.map(fingerprint => known.get(fingerprint)).find(key => key !== undefined)
		if (same !== undefined) {
			plan.duplicates.push(same)
			continue
		}
		const [id, mask, fingerprint] = [newId('key'), maskKey(secret), keyRing.fingerprint(secret)]
		known.set(fingerprint, { id, mask })
		plan.added.push({ id, mask })
		plan.edits.push(edits.insertKey(upstreamId, { id, secret: keyRing.seal(secret, id), fingerprint, mask }))
		for (const owner of findOwners(config, fingerprints)) {
			plan.elsewhere.push({ mask, upstreamId: owner.id, upstreamName: owner.name })
		}
	}
	return plan
}
