import { z } from 'zod'
import {
	keySecretSchema,
	type Strategy,
	strategySchema,
	type UpstreamInput,
	upstreamInputSchema,
	upstreamPatchSchema,
} from '../../core/config/upstream.ts'
import { maskKey } from '../../core/keys/mask.ts'
import { DatabaseError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import type { Statement } from '../sql.ts'
import { type Change, diffFields, hideSecrets } from './changes.ts'
import type { KeyRow, LoadedConfig, LoadedUpstream } from './config-load.ts'
import { forgetStatement } from './learned-facts.ts'
import { nameKeyOf } from './upstream-columns.ts'
import * as edits from './upstream-edits.ts'

/** A change worked out against one revision; without edits there is nothing to change and no revision is made. */
export interface Plan<Result> {
	edits: Statement[]
	diff: Change[]
	/** One sentence for the history, used when the author gave none. */
	message: string
	result: Result
}

export interface AddedKeys {
	added: { id: string; mask: string }[]
	/** Keys that this upstream has already, or that were given twice. */
	duplicates: { id: string; mask: string }[]
}

export function planAddUpstream(
	config: LoadedConfig,
	keyRing: KeyRing,
	input: UpstreamInput,
	secrets: readonly string[],
): Plan<{ id: string } & AddedKeys> {
	const fields = parse(upstreamInputSchema, input)
	refuseTakenName(config, fields.name, undefined)
	const id = newId('up')
	const keys = planKeys([], keyRing, id, secrets)
	const diff: Change[] = [
		{ kind: 'upstream-added', upstreamId: id, name: fields.name, fields: hideSecrets(fields) },
	]
	if (keys.added.length > 0)
		diff.push({ kind: 'keys-added', upstreamId: id, name: fields.name, keys: keys.added })
	const statements = [edits.insertUpstream(id, fields), ...keys.edits]
	// The first upstream is used at once: a newcomer would otherwise stand before an error.
	if (config.currentUpstreamId === undefined && config.upstreams.length === 0) {
		statements.push(edits.putSetting('current_upstream', id))
		diff.push({ kind: 'current-changed', from: undefined, to: id })
	}
	const result = { id, added: keys.added, duplicates: keys.duplicates }
	return { edits: statements, diff, message: `Added upstream ${fields.name}`, result }
}

export function planUpdateUpstream(config: LoadedConfig, id: string, input: unknown): Plan<undefined> {
	const upstream = findUpstream(config, id)
	const given = z.record(z.string(), z.unknown()).safeParse(input).data ?? {}
	const parsed = parse(upstreamPatchSchema, input)
	// `.partial()` still fills in defaults: what was not given is not changed.
	const patch = Object.fromEntries(Object.entries(parsed).filter(([field]) => given[field] !== undefined))
	if (typeof patch.name === 'string') refuseTakenName(config, patch.name, id)
	const fields = diffFields(upstream, patch)
	if (fields === undefined) return { edits: [], diff: [], message: '', result: undefined }
	const isAnother = 'type' in fields || 'baseUrl' in fields
	return {
		edits: [edits.changeUpstream(id, patch), ...(isAnother ? [forgetStatement(id)] : [])],
		diff: [{ kind: 'upstream-changed', upstreamId: id, name: upstream.name, fields }],
		message: `Changed ${Object.keys(fields).join(', ')} of ${upstream.name}`,
		result: undefined,
	}
}

export function planRemoveUpstream(config: LoadedConfig, id: string): Plan<undefined> {
	const { name, keys } = findUpstream(config, id)
	const statements = [edits.deleteUpstream(id)]
	const diff: Change[] = [{ kind: 'upstream-removed', upstreamId: id, name, keyCount: keys.length }]
	if (config.currentUpstreamId === id) {
		statements.push(edits.putSetting('current_upstream', undefined))
		diff.push({ kind: 'current-changed', from: id, to: undefined })
	}
	return { edits: statements, diff, message: `Removed upstream ${name}`, result: undefined }
}

export function planSetCurrent(config: LoadedConfig, id: string): Plan<undefined> {
	const { name } = findUpstream(config, id)
	if (config.currentUpstreamId === id) return { edits: [], diff: [], message: '', result: undefined }
	return {
		edits: [edits.putSetting('current_upstream', id)],
		diff: [{ kind: 'current-changed', from: config.currentUpstreamId, to: id }],
		message: `Made ${name} the current upstream`,
		result: undefined,
	}
}

export function planSetStrategy(config: LoadedConfig, input: Strategy): Plan<undefined> {
	const strategy = parse(strategySchema, input)
	if (config.strategy === strategy) return { edits: [], diff: [], message: '', result: undefined }
	return {
		edits: [edits.putSetting('strategy', strategy)],
		diff: [{ kind: 'strategy-changed', from: config.strategy, to: strategy }],
		message: `Set the strategy to ${strategy}`,
		result: undefined,
	}
}

export function planAddKeys(
	config: LoadedConfig,
	keyRing: KeyRing,
	upstreamId: string,
	secrets: readonly string[],
): Plan<AddedKeys> {
	const upstream = findUpstream(config, upstreamId)
	const keys = planKeys(upstream.keys, keyRing, upstreamId, secrets)
	const { added, duplicates } = keys
	return {
		edits: keys.edits,
		diff: [{ kind: 'keys-added', upstreamId, name: upstream.name, keys: added }],
		message: `Added ${added.length === 1 ? 'a key' : `${added.length} keys`} to ${upstream.name}`,
		result: { added, duplicates },
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
	if ((key.enabled !== 0) === enabled) return { edits: [], diff: [], message: '', result: undefined }
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
	const upstream = findUpstream(config, upstreamId)
	const from = upstream.keys.map(key => key.id)
	const unknown = ids.find(id => !from.includes(id))
	if (unknown !== undefined) throw notFound(`Upstream ${upstream.name} has no key ${unknown}.`)
	const to = [...new Set([...ids, ...from])]
	if (to.join() === from.join()) return { edits: [], diff: [], message: '', result: undefined }
	return {
		edits: [edits.orderKeys(upstreamId, to)],
		diff: [{ kind: 'keys-reordered', upstreamId, name: upstream.name, from, to }],
		message: `Changed the order of the keys of ${upstream.name}`,
		result: undefined,
	}
}

function planKeys(
	existing: readonly KeyRow[],
	keyRing: KeyRing,
	upstreamId: string,
	secrets: readonly string[],
): AddedKeys & { edits: Statement[] } {
	const known = new Map(existing.map(key => [key.fingerprint, { id: key.id, mask: key.mask }]))
	const plan: AddedKeys & { edits: Statement[] } = { added: [], duplicates: [], edits: [] }
	for (const text of secrets) {
		const secret = parse(keySecretSchema, text, 'key')
		const fingerprint = keyRing.fingerprint(secret)
		const same = known.get(fingerprint)
		if (same !== undefined) {
			plan.duplicates.push(same)
			continue
		}
		const id = newId('key')
		const mask = maskKey(secret)
		known.set(fingerprint, { id, mask })
		plan.added.push({ id, mask })
		plan.edits.push(edits.insertKey(upstreamId, { id, secret: keyRing.seal(secret, id), fingerprint, mask }))
	}
	return plan
}

function findUpstream(config: LoadedConfig, id: string): LoadedUpstream {
	const upstream = config.upstreams.find(candidate => candidate.id === id)
	if (upstream === undefined) throw notFound(`There is no upstream ${id}.`)
	return upstream
}

function findKey(config: LoadedConfig, id: string): { upstream: LoadedUpstream; key: KeyRow } {
	for (const upstream of config.upstreams) {
		const key = upstream.keys.find(candidate => candidate.id === id)
		if (key !== undefined) return { upstream, key }
	}
	throw notFound(`There is no key ${id}.`)
}

function refuseTakenName(config: LoadedConfig, name: string, ownId: string | undefined): void {
	const taken = config.upstreams.find(
		upstream => upstream.id !== ownId && nameKeyOf(upstream.name) === nameKeyOf(name),
	)
	if (taken !== undefined) {
		throw new DatabaseError(
			'exists',
			`An upstream named ${taken.name} exists already; choose another name or change that one.`,
		)
	}
}

function notFound(message: string): DatabaseError {
	return new DatabaseError('not-found', message)
}

/** Zod's complaints as one sentence per field; values are never quoted, since one may be a key. */
function parse<Output>(schema: z.ZodType<Output>, input: unknown, name?: string): Output {
	const result = schema.safeParse(input)
	if (result.success) return result.data
	const lines = result.error.issues.map(issue => {
		const path = [name, ...issue.path].filter(part => part !== undefined).join('.')
		return path === '' ? issue.message : `${path}: ${issue.message}`
	})
	throw new DatabaseError('invalid', lines.join('; '), result.error)
}
