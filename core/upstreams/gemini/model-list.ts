import type { ModelLister, ModelPage, UpstreamTarget } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { readModelList } from '../shared/model-list.ts'
import { modelListUrl } from './url.ts'

/** https://ai.google.dev/api/models#method:-models.list */
export const modelLister: ModelLister = {
	buildRequest: ({ baseUrl, extraHeaders }: UpstreamTarget, page) => ({
		method: 'GET',
		url: modelListUrl(baseUrl, page),
		headers: { accept: 'application/json', ...extraHeaders },
	}),
	readResponse,
}

/** Models for embeddings, pictures and the like cannot answer messages. */
function readResponse(body: unknown): ModelPage | undefined {
	if (!isRecord(body)) return undefined
	// A page, or a service, without models leaves the member out.
	const models = Array.isArray(body.models) ? body.models.filter(answersMessages) : []
	if (!Array.isArray(body.models) && Object.keys(body).some(name => name !== 'nextPageToken'))
		return undefined
	const list = readModelList({ models })
	const next = body.nextPageToken
	return list && { ...list, ...(typeof next === 'string' && next !== '' && { next }) }
}

function answersMessages(model: unknown): boolean {
	const methods = isRecord(model) ? model.supportedGenerationMethods : undefined
	return !Array.isArray(methods) || methods.includes('generateContent')
}
