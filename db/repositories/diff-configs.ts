import { isDeepStrictEqual } from 'node:util'
import { type Settings, settingNames } from '../../core/config/settings.ts'
import { type UpstreamConfig, upstreamInputSchema } from '../../core/config/upstream.ts'
import { type Change, diffFields, hideSecrets } from './changes.ts'
import type { ConfigContent } from './config-content.ts'
import type { LoadedUpstream } from './config-load.ts'

const configFields = Object.keys(upstreamInputSchema.shape) as (keyof UpstreamConfig)[]

/** What leads from one configuration to another, by the ids of upstreams and keys: a name may have passed to another. */
export function diffConfigs(before: ConfigContent, after: ConfigContent): Change[] {
	const old = new Map(before.upstreams.map(upstream => [upstream.id, upstream]))
	const present = new Set(after.upstreams.map(({ id }) => id))
	const removed = before.upstreams.filter(({ id }) => !present.has(id))
	return [
		...removed.map(toRemoved),
		...after.upstreams.flatMap(upstream => {
			const earlier = old.get(upstream.id)
			return earlier === undefined ? describeNew(upstream) : diffUpstream(earlier, upstream)
		}),
		...diffUpstreamOrder(before, after),
		...diffCurrent(before, after),
		...diffSettings(before.settings, after.settings),
	]
}

export function diffSettings(before: Settings, after: Settings): Change[] {
	return settingNames.flatMap((setting): Change[] => {
		const [from, to] = [before[setting], after[setting]]
		if (isDeepStrictEqual(from, to)) return []
		if (setting === 'strategy')
			return [{ kind: 'strategy-changed', from: before.strategy, to: after.strategy }]
		return [{ kind: 'setting-changed', setting, from, to }]
	})
}

function toRemoved({ id, name, keys }: LoadedUpstream): Change {
	return { kind: 'upstream-removed', upstreamId: id, name, keyCount: keys.length }
}

function describeNew(upstream: LoadedUpstream): Change[] {
	const { id: upstreamId, name, keys } = upstream
	const added: Change = {
		kind: 'upstream-added',
		upstreamId,
		name,
		fields: hideSecrets(pickConfig(upstream)),
	}
	const paused = keys.filter(({ enabled }) => enabled === 0)
	return [
		added,
		...describeAddedKeys(upstreamId, name, keys),
		...paused.map(({ id, mask }): Change => ({ kind: 'key-disabled', upstreamId, name, keyId: id, mask })),
	]
}

function diffUpstream(before: LoadedUpstream, after: LoadedUpstream): Change[] {
	const fields = diffFields(before, pickConfig(after))
	const { id: upstreamId, name } = after
	const changed: Change[] =
		fields === undefined ? [] : [{ kind: 'upstream-changed', upstreamId, name: before.name, fields }]
	return [...changed, ...diffKeys(upstreamId, name, before.keys, after.keys)]
}

type Keys = LoadedUpstream['keys']

function diffKeys(upstreamId: string, name: string, before: Keys, after: Keys): Change[] {
	const old = new Map(before.map(key => [key.id, key]))
	const present = new Set(after.map(({ id }) => id))
	const of = ({ id, mask }: Keys[number]) => ({ upstreamId, name, keyId: id, mask })
	const removed = before.filter(({ id }) => !present.has(id))
	const added = after.filter(({ id }) => !old.has(id))
	const switched = after.filter(key => key.enabled !== (old.get(key.id)?.enabled ?? 1))
	return [
		...removed.map((key): Change => ({ kind: 'key-removed', ...of(key) })),
		...describeAddedKeys(upstreamId, name, added),
		...switched.map(
			(key): Change => ({ kind: key.enabled === 0 ? 'key-disabled' : 'key-enabled', ...of(key) }),
		),
		...diffKeyOrder(upstreamId, name, before, after),
	]
}

function describeAddedKeys(upstreamId: string, name: string, keys: Keys): Change[] {
	if (keys.length === 0) return []
	return [{ kind: 'keys-added', upstreamId, name, keys: keys.map(({ id, mask }) => ({ id, mask })) }]
}

/** Keys that come or go do not reorder the others; new ones that stand before old ones do. */
function diffKeyOrder(upstreamId: string, name: string, before: Keys, after: Keys): Change[] {
	const { from, to } = expectOrder(before, after)
	if (from.join() === to.join()) return []
	const masks = Object.fromEntries(after.map(({ id, mask }) => [id, mask]))
	return [{ kind: 'keys-reordered', upstreamId, name, from, to, masks }]
}

function diffUpstreamOrder(before: ConfigContent, after: ConfigContent): Change[] {
	const { from, to } = expectOrder(before.upstreams, after.upstreams)
	if (from.join() === to.join()) return []
	const names = Object.fromEntries(after.upstreams.map(({ id, name }) => [id, name]))
	return [{ kind: 'upstreams-reordered', from, to, names }]
}

/** The order as adding at the end and removing would have left it, and as it is. */
function expectOrder(before: readonly { id: string }[], after: readonly { id: string }[]) {
	const to = after.map(({ id }) => id)
	const kept = before.map(({ id }) => id).filter(id => to.includes(id))
	return { from: [...new Set([...kept, ...to])], to }
}

function diffCurrent(before: ConfigContent, after: ConfigContent): Change[] {
	const [from, to] = [before.currentUpstreamId, after.currentUpstreamId]
	if (from === to) return []
	const nameOf = ({ upstreams }: ConfigContent, id: string | undefined) =>
		upstreams.find(upstream => upstream.id === id)?.name
	const [fromName, toName] = [nameOf(before, from), nameOf(after, to)]
	return [
		{
			...{ kind: 'current-changed', from, to },
			...(fromName === undefined ? {} : { fromName }),
			...(toName === undefined ? {} : { toName }),
		},
	]
}

function pickConfig(upstream: UpstreamConfig): UpstreamConfig {
	return Object.fromEntries(configFields.map(field => [field, upstream[field]])) as UpstreamConfig
}
