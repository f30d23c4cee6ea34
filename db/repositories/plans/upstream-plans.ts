import {
	type UpstreamInput,
	upstreamInputSchema,
	upstreamPatchSchema,
} from '../../../core/config/upstream.ts'
import { DatabaseError } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { KeyRing } from '../../secrets/key-ring.ts'
import { type Change, diffFields, hideSecrets } from '../changes.ts'
import type { LoadedConfig } from '../config-load.ts'
import { forgetStatement } from '../learned-facts.ts'
import { nameKeyOf } from '../upstream-columns.ts'
import * as edits from '../upstream-edits.ts'
import { type AddedKeys, planKeys } from './key-plans.ts'
import { findUpstream, mergeOrder, noChange, notFound, onlyGiven, type Plan, parse } from './plan.ts'

export function planAddUpstream(
	config: LoadedConfig,
	keyRing: KeyRing,
	input: UpstreamInput,
	secrets: readonly string[],
	options: { makeCurrent?: boolean } = {},
): Plan<{ id: string } & AddedKeys> {
	const fields = parse(upstreamInputSchema, input)
	refuseTakenName(config, fields.name, undefined)
	const id = newId('up')
	const keys = planKeys(config, keyRing, id, secrets)
	const diff: Change[] = [
		{ kind: 'upstream-added', upstreamId: id, name: fields.name, fields: hideSecrets(fields) },
	]
	if (keys.added.length > 0)
		diff.push({ kind: 'keys-added', upstreamId: id, name: fields.name, keys: keys.added })
	const statements = [edits.insertUpstream(id, fields), ...keys.edits]
	// The first upstream is used at once: a newcomer would otherwise stand before an error.
	const isFirst = config.currentUpstreamId === undefined && config.upstreams.length === 0
	if (isFirst || options.makeCurrent) {
		statements.push(edits.putSetting('current_upstream', id))
		diff.push(currentChange(config, { id, name: fields.name }))
	}
	const { added, duplicates, elsewhere } = keys
	const result = { id, added, duplicates, elsewhere }
	return { edits: statements, diff, message: `Added upstream ${fields.name}`, result }
}

export function planUpdateUpstream(config: LoadedConfig, id: string, input: unknown): Plan<undefined> {
	const upstream = findUpstream(config, id)
	const patch = onlyGiven(parse(upstreamPatchSchema, input), input)
	if (typeof patch.name === 'string') refuseTakenName(config, patch.name, id)
	const fields = diffFields(upstream, patch)
	if (fields === undefined) return { ...noChange, result: undefined }
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
		diff.push({ kind: 'current-changed', from: id, to: undefined, fromName: name })
	}
	return { edits: statements, diff, message: `Removed upstream ${name}`, result: undefined }
}

/** Upstreams that `ids` does not name keep their order behind those that it does. */
export function planOrderUpstreams(config: LoadedConfig, ids: readonly string[]): Plan<undefined> {
	const from = config.upstreams.map(({ id }) => id)
	const unknown = ids.find(id => !from.includes(id))
	if (unknown !== undefined) throw notFound(`There is no upstream ${unknown}.`)
	const to = mergeOrder(ids, from)
	if (to.join() === from.join()) return { ...noChange, result: undefined }
	const names = Object.fromEntries(config.upstreams.map(({ id, name }) => [id, name]))
	return {
		edits: [edits.orderUpstreams(to)],
		diff: [{ kind: 'upstreams-reordered', from, to, names }],
		message: 'Changed the order of the upstreams',
		result: undefined,
	}
}

export function planSetCurrent(config: LoadedConfig, id: string): Plan<undefined> {
	const { name } = findUpstream(config, id)
	if (config.currentUpstreamId === id) return { ...noChange, result: undefined }
	return {
		edits: [edits.putSetting('current_upstream', id)],
		diff: [currentChange(config, { id, name })],
		message: `Made ${name} the current upstream`,
		result: undefined,
	}
}

function currentChange(config: LoadedConfig, to: { id: string; name: string }): Change {
	const from = config.upstreams.find(upstream => upstream.id === config.currentUpstreamId)
	return {
		...{ kind: 'current-changed', from: from?.id, to: to.id, toName: to.name },
		...(from === undefined ? {} : { fromName: from.name }),
	}
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
