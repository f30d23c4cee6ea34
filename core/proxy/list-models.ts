import { explainModel, ruleKind } from '../config/model-map.ts'
import type { Snapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { type ModelEntry, toModelEntry } from '../messages/models.ts'
import type { UpstreamAdapter } from '../upstreams/contract.ts'
import { ProxyError } from './errors.ts'
import type { Listing, ModelCatalog } from './model-catalog.ts'
import { pageModels } from './model-page.ts'
import { findCurrentAdapter, findCurrentUpstream } from './prepare.ts'
import type { ProxyServices } from './request-scope.ts'

interface Scope {
	snapshot: Snapshot
	upstream: UpstreamSnapshot
	adapter: UpstreamAdapter
	catalog: ModelCatalog
}

/**
 * Answers `GET /v1/models`: the names that the model map gives to the upstream's models, then the upstream's own list.
 * @throws ProxyError for a wrong parameter, for want of an upstream, or where there is nothing at all to show
 */
export async function listModels(
	services: ProxyServices,
	catalog: ModelCatalog,
	snapshot: Snapshot,
	query: string,
): Promise<Record<string, unknown>> {
	const scope = findScope(services, catalog, snapshot)
	const listing = await catalog.list(snapshot, scope.upstream, scope.adapter)
	const models = mergeModels(scope.upstream, listing)
	if (models.length === 0) refuseUnlisted(listing)
	return pageModels(models, query)
}

/**
 * Answers `GET /v1/models/:id`. A name that a glob or a tier maps is known too, though no list has it.
 * @throws ProxyError 404 when neither the map nor the upstream knows the name
 */
export async function retrieveModel(
	services: ProxyServices,
	catalog: ModelCatalog,
	snapshot: Snapshot,
	id: string,
): Promise<ModelEntry> {
	const { upstream, adapter } = findScope(services, catalog, snapshot)
	const listing = await catalog.list(snapshot, upstream, adapter)
	const listed = mergeModels(upstream, listing).find(model => model.id === id)
	if (listed) return listed
	const { model, rule } = explainModel(id, upstream.modelMap)
	if (rule !== 'none') return describeMapped(id, model, listing)
	const found = await catalog.find(id, snapshot, upstream, adapter)
	if (found) return found
	if (!listing.models) refuseUnlisted(listing)
	throw new ProxyError(404, `model: ${id.slice(0, 200)}`)
}

function findScope(services: ProxyServices, catalog: ModelCatalog, snapshot: Snapshot): Scope {
	const upstream = findCurrentUpstream(snapshot)
	return { snapshot, upstream, adapter: findCurrentAdapter(services.findAdapter, upstream), catalog }
}

/** Each name once. Without a list, the names on the right side of the map are what is known of the upstream. */
function mergeModels({ modelMap }: UpstreamSnapshot, listing: Listing): ModelEntry[] {
	const rules = Object.entries(modelMap)
	const listed = listing.models ?? rules.map(([, to]) => toModelEntry({ id: to }))
	const known = new Map<string, ModelEntry>()
	for (const [from, to] of rules) {
		if (ruleKind(from) === 'exact') known.set(from, describeMapped(from, to, listing))
	}
	for (const model of listed) if (!known.has(model.id)) known.set(model.id, model)
	return [...known.values()]
}

function describeMapped(id: string, to: string, { models }: Listing): ModelEntry {
	const target = models?.find(model => model.id === to) ?? toModelEntry({ id: to })
	return { ...target, id, display_name: id === to ? target.display_name : `${id} (${target.display_name})` }
}

function refuseUnlisted({ problem }: Listing): void {
	if (problem === undefined) return
	throw new ProxyError(502, `the upstream's list of models could not be read: ${problem}`)
}
