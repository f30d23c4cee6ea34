import { isDeepStrictEqual } from 'node:util'
import { settingNames } from '../../core/config/settings.ts'
import { type UpstreamConfig, upstreamInputSchema } from '../../core/config/upstream.ts'
import type { ConfigContent } from '../repositories/config-content.ts'
import type { KeyRow, LoadedUpstream } from '../repositories/config-load.ts'
import { forgetStatement } from '../repositories/learned-facts.ts'
import { nameKeyOf } from '../repositories/upstream-columns.ts'
import * as edits from '../repositories/upstream-edits.ts'
import type { Statement } from '../sql.ts'

const fieldNames = Object.keys(upstreamInputSchema.shape) as (keyof UpstreamConfig)[]

/** The statements that lead from one configuration to another. Rows that stay are changed, not made anew. */
export function contentEdits(before: ConfigContent, after: ConfigContent): Statement[] {
	const old = new Map(before.upstreams.map(upstream => [upstream.id, upstream]))
	const kept = new Set(after.upstreams.map(({ id }) => id))
	const removed = before.upstreams.filter(({ id }) => !kept.has(id))
	const renamed = after.upstreams.filter(({ id, name }) => {
		const earlier = old.get(id)
		return earlier !== undefined && nameKeyOf(earlier.name) !== nameKeyOf(name)
	})
	return [
		...removed.map(({ id }) => edits.deleteUpstream(id)),
		...(renamed.length === 0 ? [] : [freeNames(renamed.map(({ id }) => id))]),
		...after.upstreams.flatMap(upstream => upstreamEdits(old.get(upstream.id), upstream)),
		...orderEdits(before.upstreams, after.upstreams, edits.orderUpstreams),
		...settingEdits(before, after),
	]
}

/** Names may be swapped: none may stand in another's way. */
function freeNames(ids: readonly string[]): Statement {
	return {
		sql: `UPDATE upstreams SET name_key = '~' || id WHERE id IN (SELECT value FROM json_each(?))`,
		args: [JSON.stringify(ids)],
	}
}

function upstreamEdits(before: LoadedUpstream | undefined, after: LoadedUpstream): Statement[] {
	const { id } = after
	const keys = keyEdits(id, before?.keys ?? [], after.keys)
	if (before === undefined) return [edits.insertUpstream(id, after), ...keys]
	const changed = fieldNames.filter(name => !isSame(before[name], after[name]))
	if (changed.length === 0) return keys
	const patch = Object.fromEntries(changed.map(name => [name, after[name]]))
	// What was learnt of another server holds no more.
	const isAnother = changed.includes('type') || changed.includes('baseUrl')
	return [edits.changeUpstream(id, patch), ...(isAnother ? [forgetStatement(id)] : []), ...keys]
}

/** The order of a model map's rules counts. */
function isSame(before: unknown, after: unknown): boolean {
	return JSON.stringify(before) === JSON.stringify(after)
}

function keyEdits(upstreamId: string, before: readonly KeyRow[], after: readonly KeyRow[]): Statement[] {
	const old = new Map(before.map(row => [row.id, row]))
	const kept = new Set(after.map(({ id }) => id))
	return [
		...before.filter(({ id }) => !kept.has(id)).map(({ id }) => edits.deleteKey(id)),
		...after.flatMap(row => {
			const earlier = old.get(row.id)
			const paused = row.enabled !== (earlier?.enabled ?? 1)
			return [
				...(earlier === undefined ? [edits.insertKey(upstreamId, row)] : []),
				...(earlier !== undefined && earlier.secret !== row.secret ? [edits.resealKey(row)] : []),
				...(paused ? [edits.enableKey(row.id, row.enabled !== 0)] : []),
			]
		}),
		...orderEdits(before, after, ids => edits.orderKeys(upstreamId, ids)),
	]
}

/** Nothing when adding at the end and removing leave the order that is wanted. */
function orderEdits(
	before: readonly { id: string }[],
	after: readonly { id: string }[],
	order: (ids: string[]) => Statement,
): Statement[] {
	const wanted = after.map(({ id }) => id)
	const left = before.map(({ id }) => id).filter(id => wanted.includes(id))
	const expected = [...new Set([...left, ...wanted])]
	return expected.join() === wanted.join() ? [] : [order(wanted)]
}

function settingEdits(before: ConfigContent, after: ConfigContent): Statement[] {
	const changed = settingNames.filter(name => !isDeepStrictEqual(before.settings[name], after.settings[name]))
	const moves = before.currentUpstreamId !== after.currentUpstreamId
	return [
		...changed.map(name => edits.putSetting(name, after.settings[name])),
		...(moves ? [edits.putSetting('current_upstream', after.currentUpstreamId)] : []),
	]
}
