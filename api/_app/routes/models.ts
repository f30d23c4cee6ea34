import { ProxyError } from '../../../core/proxy/errors.ts'
import { listModels, retrieveModel } from '../../../core/proxy/list-models.ts'
import { createModelCatalog } from '../../../core/proxy/model-catalog.ts'
import type { AppServices } from '../services.ts'
import type { Entrance, V1Route } from './entrance.ts'

/** `GET /v1/models`, and `GET /v1/models/:id` where a path behind it names one. */
export function createModelsRoute(services: AppServices, entrance: Entrance): (id: string) => V1Route {
	const { config, proxy } = services
	const catalog = createModelCatalog(proxy)
	return id => (request, sink) =>
		entrance.admit(request, sink, {
			methods: ['GET', 'HEAD'],
			async run(requestId) {
				const snapshot = await config.current()
				const body =
					id === ''
						? await listModels(proxy, catalog, snapshot, request.query)
						: await retrieveModel(proxy, catalog, snapshot, decodeId(id))
				sink.head(200, { 'content-type': 'application/json', 'request-id': requestId })
				sink.end(request.method === 'HEAD' ? undefined : JSON.stringify(body))
			},
		})
}

function decodeId(id: string): string {
	try {
		return decodeURIComponent(id)
	} catch {
		throw new ProxyError(404, `model: ${id.slice(0, 200)}`)
	}
}
