import type { Place } from './places.ts'
import { badPersonas, goodEnd, makeKey, models, type UpstreamName, upstreamNames } from './upstreams.ts'
import type { Visibility } from './visibility.ts'

/** The configuration as `GET /api/upstreams` tells it. */
export interface Seen {
	revision: number
	strategy: string
	currentUpstreamId: string
	upstreams: {
		id: string
		name: string
		modelMap: Record<string, string>
		keys: { id: string; mask: string; enabled: boolean }[]
	}[]
}

/** One change, to be made by either hand. */
export interface PlannedChange {
	api: readonly [method: string, path: string, body?: unknown]
	cli: { argv: readonly string[]; input?: string }
	/** What requests see of it. */
	shows?: { what: keyof Visibility['timelines']; value: string }
}

/** Keys beyond this many are removed again; the good ones never are. */
const MOST_KEYS = 14

type PlanChange = (context: { place: Place; seen: Seen; turn: number }) => PlannedChange

function pickOne<Item>(items: readonly Item[]): Item {
	const item = items[Math.floor(Math.random() * items.length)]
	if (item === undefined) throw new Error('nothing to pick from')
	return item
}

const switchCurrent: PlanChange = ({ place: { upstreamIds }, seen }) => {
	const name = seen.currentUpstreamId === upstreamIds.blue ? 'green' : 'blue'
	const id = upstreamIds[name]
	return {
		api: ['PUT', '/api/current', { upstreamId: id }],
		cli: { argv: ['use', id] },
		shows: { what: 'current', value: name },
	}
}

const mapModel =
	(name: UpstreamName): PlanChange =>
	({ place: { upstreamIds }, seen }) => {
		const id = upstreamIds[name]
		const now = seen.upstreams.find(upstream => upstream.id === id)?.modelMap.opus
		const value = pickOne(models[name].filter(model => model !== now))
		return {
			api: ['PATCH', `/api/upstreams/${id}`, { modelMap: { opus: value } }],
			cli: { argv: ['map', id, 'set', 'opus', value] },
			shows: { what: name, value },
		}
	}

const rename: PlanChange = ({ place: { upstreamIds }, turn }) => {
	const name = pickOne(upstreamNames)
	const label = `${name} ${turn}`
	return {
		api: ['PATCH', `/api/upstreams/${upstreamIds[name]}`, { name: label }],
		cli: { argv: ['update', upstreamIds[name], '--name', label] },
	}
}

/** A bad key more, or one less where there are many. */
const changeKeys: PlanChange = ({ seen }) => {
	const { id, keys } = pickOne(seen.upstreams)
	const bad = keys.filter(isBad)
	if (keys.length < MOST_KEYS) {
		const secret = makeKey(pickOne(badPersonas))
		const argv = ['key', id, 'add', '--key-stdin']
		return { api: ['POST', `/api/upstreams/${id}/keys`, { keys: [secret] }], cli: { argv, input: secret } }
	}
	const gone = pickOne(bad).id
	return { api: ['DELETE', `/api/keys/${gone}`], cli: { argv: ['key', id, 'remove', gone] } }
}

const pauseKey: PlanChange = ({ seen }) => {
	const { id, keys } = pickOne(seen.upstreams)
	const { id: keyId, enabled } = pickOne(keys.filter(isBad))
	return {
		api: ['PATCH', `/api/keys/${keyId}`, { enabled: !enabled }],
		cli: { argv: ['key', id, enabled ? 'pause' : 'resume', keyId] },
	}
}

/** The last key comes first. The CLI has no command for it: it says something else anew. */
const orderKeys: PlanChange = ({ seen, turn }) => {
	const { id, keys } = pickOne(seen.upstreams)
	const ids = keys.map(key => key.id)
	return {
		api: ['PUT', `/api/upstreams/${id}/keys/order`, { ids: [...ids.slice(-1), ...ids.slice(0, -1)] }],
		cli: { argv: ['update', id, '--website', `https://a.example/${turn}`] },
	}
}

const strategy: PlanChange = ({ seen }) => {
	const value = pickOne(['failover', 'round-robin', 'random'].filter(name => name !== seen.strategy))
	return { api: ['PUT', '/api/strategy', { strategy: value }], cli: { argv: ['balance', value] } }
}

const isBad = ({ mask }: { mask: string }) => !mask.endsWith(goodEnd)

export const changePlans: readonly PlanChange[] = [
	...[switchCurrent, mapModel('blue'), changeKeys, rename, mapModel('green'), orderKeys],
	...[switchCurrent, pauseKey, strategy, changeKeys],
]
