import type { CountTokensRequest } from '../../messages/request.ts'
import type { OutgoingRequest, UpstreamTarget } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { asNumber } from '../shared/json-values.ts'
import { jsonHeaders, toPrompt } from './request.ts'
import { methodUrl, modelResource } from './url.ts'

/** https://ai.google.dev/api/tokens: with `generateContentRequest`, system prompt and tools are counted too. */
export function buildCountRequest(input: {
	request: CountTokensRequest
	model: string
	target: UpstreamTarget
}): OutgoingRequest {
	const { request, model, target } = input
	const { body } = toPrompt(request, model, [])
	const { collection, name } = modelResource(model)
	const generateContentRequest = { model: `${collection}/${name}`, ...body }
	return {
		method: 'POST',
		url: methodUrl(target.baseUrl, model, 'countTokens'),
		headers: jsonHeaders(target),
		body: JSON.stringify({ generateContentRequest }),
	}
}

export function readCountResponse(body: unknown): number | undefined {
	const total = isRecord(body) ? asNumber(body.totalTokens) : Number.NaN
	return Number.isSafeInteger(total) && total >= 0 ? total : undefined
}
