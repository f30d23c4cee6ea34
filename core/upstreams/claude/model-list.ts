import type { ModelLister, ModelPage, OutgoingRequest, UpstreamTarget } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { readModel, readModelList } from '../shared/model-list.ts'
import { modelsUrl } from './urls.ts'

/** https://docs.anthropic.com/en/api/models-list; relays of this type often list in OpenAI's shape. */
export const modelLister: ModelLister = {
	buildRequest: (target, page) =>
		get(target, '', page === undefined ? 'limit=1000' : `limit=1000&after_id=${encodeURIComponent(page)}`),
	readResponse(body): ModelPage | undefined {
		const list = readModelList(body)
		if (!list || !isRecord(body) || body.has_more !== true || typeof body.last_id !== 'string') return list
		return { ...list, next: body.last_id }
	},
	one: {
		buildRequest: (target, id) => get(target, `/${encodeURIComponent(id.toWellFormed())}`, ''),
		readResponse: readModel,
	},
}

function get({ baseUrl, extraHeaders }: UpstreamTarget, path: string, query: string): OutgoingRequest {
	const [location = '', given = ''] = modelsUrl(baseUrl).split('?', 2)
	const queries = [given, query].filter(text => text !== '')
	return {
		method: 'GET',
		url: location + path + (queries.length === 0 ? '' : `?${queries.join('&')}`),
		headers: { accept: 'application/json', 'anthropic-version': '2023-06-01', ...extraHeaders },
	}
}
