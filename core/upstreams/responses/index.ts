import type { ConvertingAdapter } from '../contract.ts'
import { openAiAuthHeaders } from '../shared/hosts.ts'
import { openAiModels, openAiUrl, probeModels } from '../shared/openai-urls.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'
import { buildRequest } from './request.ts'
import { readResponse } from './response.ts'
import { createStreamTransform } from './stream.ts'

export const responses: ConvertingAdapter = {
	type: 'responses',
	mode: 'convert',
	label: 'OpenAI Responses',
	baseUrlExample: 'https://api.openai.com/v1',
	description: 'The Responses API of OpenAI, Azure and a few others: keeps reasoning between tool calls',
	messagesUrl: baseUrl => openAiUrl(baseUrl, '/responses'),
	authHeaders: openAiAuthHeaders,
	buildRequest,
	readResponse,
	createStreamTransform,
	readFailure,
	learn,
	probe: probeModels,
	models: openAiModels,
}
