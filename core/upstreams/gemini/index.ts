import type { ConvertingAdapter } from '../contract.ts'
import { buildCountRequest, readCountResponse } from './count-tokens.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'
import { modelLister } from './model-list.ts'
import { buildRequest, jsonHeaders } from './request.ts'
import { readResponse } from './response.ts'
import { createStreamTransform } from './stream.ts'
import { methodUrl, modelsUrl } from './url.ts'

/** Google's native Gemini API, v1beta: https://ai.google.dev/api */
export const gemini: ConvertingAdapter = {
	type: 'gemini',
	label: 'Gemini',
	baseUrlExample: 'https://generativelanguage.googleapis.com',
	description: "Google's Gemini API (generateContent), and relays that speak it",
	mode: 'convert',
	messagesUrl: (baseUrl, { model, stream }) =>
		methodUrl(baseUrl, model, stream ? 'streamGenerateContent' : 'generateContent'),
	authHeaders(key, { authStyle }): Record<string, string> {
		// OAuth access tokens of Google start so; everything else is an API key.
		const bearer = authStyle === 'bearer' || (authStyle === 'auto' && key.startsWith('ya29.'))
		return bearer ? { authorization: `Bearer ${key}` } : { 'x-goog-api-key': key }
	},
	buildRequest,
	readResponse,
	createStreamTransform,
	readFailure,
	learn,
	models: modelLister,
	probe: target => {
		const { 'content-type': _none, ...headers } = jsonHeaders(target)
		return { method: 'GET', url: modelsUrl(target.baseUrl), headers }
	},
	countTokens: { buildRequest: buildCountRequest, readResponse: readCountResponse },
}
