import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import type { ModelEntry } from '../messages/models.ts'
import type { ModelLister, ModelPage, UpstreamAdapter, UpstreamFailure } from '../upstreams/contract.ts'
import { callQuietly, type QuietResult, readJson } from './quiet-call.ts'
import type { ProxyServices } from './request-scope.ts'

/** What an upstream says of its models. */
export interface Listing {
	/** Undefined when it has no list, or the list cannot be had. */
	models: readonly ModelEntry[] | undefined
	/** Why the list cannot be had now; absent where the upstream simply has none. */
	problem?: string
	/** What kind of failure that was, and its status. */
	failure?: Pick<UpstreamFailure, 'class' | 'status'>
}

export interface ModelCatalog {
	/** The upstream's models, as it listed them within the last minute. Never rejects. */
	list(snapshot: Snapshot, upstream: UpstreamSnapshot, adapter: UpstreamAdapter): Promise<Listing>
	/** One model by a name that the list lacks; undefined where the upstream does not know it either. */
	find(
		id: string,
		snapshot: Snapshot,
		upstream: UpstreamSnapshot,
		adapter: UpstreamAdapter,
	): Promise<ModelEntry | undefined>
}

const keptMs = 60_000
/** A list that could not be had is asked for again soon, but not by every client. */
const failureKeptMs = 5_000
const patienceMs = 10_000
const maxPages = 20
const maxModels = 10_000

interface Held {
	revision: number
	/** The service that answered: a list outlives a change of everything else. */
	source: string
	until: number
	listing: Promise<Listing>
	known: readonly ModelEntry[] | undefined
}

export function createModelCatalog(services: ProxyServices): ModelCatalog {
	const { clock } = services
	const held = new Map<string, Held>()

	function list(snapshot: Snapshot, upstream: UpstreamSnapshot, adapter: UpstreamAdapter): Promise<Listing> {
		for (const id of held.keys()) if (!snapshot.upstreams.some(one => one.id === id)) held.delete(id)
		const last = held.get(upstream.id)
		if (last?.revision === snapshot.revision && clock.elapsed() < last.until) return last.listing
		const source = `${upstream.type} ${upstream.baseUrl}`
		const known = last?.source === source ? last.known : undefined
		const listing = readAll({ services, snapshot, upstream, adapter }).then(read => {
			next.until = clock.elapsed() + (read.models ? keptMs : failureKeptMs)
			next.known = read.models ?? known
			return read.models || read.problem === undefined ? read : { ...read, models: known }
		})
		const until = Number.POSITIVE_INFINITY
		const next: Held = { revision: snapshot.revision, source, until, known, listing }
		held.set(upstream.id, next)
		return listing
	}

	async function find(
		id: string,
		snapshot: Snapshot,
		upstream: UpstreamSnapshot,
		adapter: UpstreamAdapter,
	): Promise<ModelEntry | undefined> {
		const one = adapter.models?.one
		// A path segment of dots would be another path.
		if (!one || /^\.*$/.test(id) || id.length > 300) return undefined
		const outgoing = one.buildRequest(upstream, id)
		const deadline = clock.elapsed() + patienceMs
		const result = await callQuietly({
			...{ services, snapshot, upstream, adapter, outgoing, model: id, deadline },
		})
		return result.kind === 'answered' ? one.readResponse(readJson(result.answer)) : undefined
	}

	return { list, find }
}

interface Scope {
	services: ProxyServices
	snapshot: Snapshot
	upstream: UpstreamSnapshot
	adapter: UpstreamAdapter
}

async function readAll(scope: Scope): Promise<Listing> {
	const lister = scope.adapter.models
	if (!lister) return { models: undefined }
	const deadline = scope.services.clock.elapsed() + patienceMs
	const models: ModelEntry[] = []
	let next: string | undefined
	for (let pages = 0; pages < maxPages && models.length < maxModels; pages++) {
		const read = await readPage(scope, lister, next, deadline)
		// The pages that were read serve better than none.
		if (!('models' in read)) return pages === 0 ? { models: undefined, ...read } : { models }
		models.push(...read.models.slice(0, maxModels - models.length))
		if (read.next === undefined || read.next === next) break
		next = read.next
	}
	return { models }
}

/** Services without a list answer so, or with a web page. */
const noListStatuses: ReadonlySet<number> = new Set([404, 405, 410, 501])

async function readPage(
	scope: Scope,
	lister: ModelLister,
	page: string | undefined,
	deadline: number,
): Promise<ModelPage | Omit<Listing, 'models'>> {
	const outgoing = lister.buildRequest(scope.upstream, page)
	const result: QuietResult = await callQuietly({ ...scope, outgoing, model: '', deadline })
	if (result.kind === 'answered') return lister.readResponse(readJson(result.answer)) ?? {}
	if (result.kind === 'cancelled' || noListStatuses.has(result.failure.status)) return {}
	const { class: failureClass, status, message } = result.failure
	return {
		problem: maskInText(message, result.secret).slice(0, 500),
		failure: { class: failureClass, status },
	}
}
