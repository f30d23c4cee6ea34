import type { ConvertingAdapter } from '../contract.ts'
import { openAiAuthHeaders } from '../shared/hosts.ts'
import { openAiModels, openAiUrl, probeModels } from '../shared/openai-urls.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'
import { buildRequest } from './request.ts'
import { readResponse } from './response.ts'
import { createStreamTransform } from './stream.ts'
import type { Dialect } from './wire.ts'

export const openai = createAdapter('openai', {
	label: 'OpenAI',
	baseUrlExample: 'https://api.openai.com/v1',
	description:
		'Chat Completions as OpenAI documents it today: OpenAI, Azure, OpenRouter, vLLM and most others',
})

export const openaiold = createAdapter('openaiold', {
	label: 'OpenAI (old)',
	baseUrlExample: 'https://api.example.com/v1',
	description: 'Chat Completions of older compatible servers: max_tokens, and no field newer than tools',
})

function createAdapter(
	dialect: Dialect,
	words: Pick<ConvertingAdapter, 'label' | 'baseUrlExample' | 'description'>,
): ConvertingAdapter {
	return {
		type: dialect,
		mode: 'convert',
		...words,
		messagesUrl: baseUrl => openAiUrl(baseUrl, '/chat/completions'),
		authHeaders: openAiAuthHeaders,
		buildRequest: input => buildRequest(input, dialect),
		readResponse,
		createStreamTransform,
		readFailure,
		learn,
		probe: probeModels,
		models: openAiModels,
	}
}
