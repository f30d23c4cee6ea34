import type { PassThroughAdapter } from '../contract.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'
import { modelLister } from './model-list.ts'
import { buildRequest } from './request.ts'
import { createTap } from './response.ts'
import { judgeStart } from './stream.ts'
import { messagesUrl, modelsUrl } from './urls.ts'

/** Anthropic's Messages API and everything that speaks it: bytes in, bytes out. */
export const claude: PassThroughAdapter = {
	type: 'claude',
	mode: 'pass-through',
	label: 'Claude',
	baseUrlExample: 'https://api.anthropic.com',
	description: 'Anthropic Messages API, and every service that offers it',
	messagesUrl,
	authHeaders(key, { authStyle }) {
		const bearer = { authorization: `Bearer ${key}` }
		if (authStyle === 'bearer') return bearer
		if (authStyle === 'x-api-key') return { 'x-api-key': key }
		// An OAuth token is a bearer token; Anthropic's keys go in x-api-key; of other services some read the one
		// header, some the other, and none minds both.
		if (key.startsWith('sk-ant-oat')) return bearer
		return key.startsWith('sk-ant-') ? { 'x-api-key': key } : { 'x-api-key': key, ...bearer }
	},
	buildRequest,
	judgeStart,
	createTap,
	readFailure,
	learn,
	models: modelLister,
	probe: target => ({
		method: 'GET',
		url: `${modelsUrl(target.baseUrl)}`,
		headers: { 'anthropic-version': '2023-06-01', accept: 'application/json' },
	}),
}
