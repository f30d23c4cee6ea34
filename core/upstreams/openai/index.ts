import type { ConvertingAdapter, UpstreamTarget } from '../contract.ts'
import { readFailure } from './failure.ts'
import { isAzure } from './hosts.ts'
import { buildRequest } from './request.ts'
import { readResponse } from './response.ts'
import { createStreamTransform } from './stream.ts'
import { chatCompletionsUrl, modelsUrl } from './url.ts'
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
		messagesUrl: chatCompletionsUrl,
		authHeaders,
		buildRequest: input => buildRequest(input, dialect),
		readResponse,
		createStreamTransform,
		readFailure,
		probe: target => ({
			method: 'GET',
			url: modelsUrl(target.baseUrl),
			headers: { accept: 'application/json', ...target.extraHeaders },
		}),
	}
}

/** Bearer everywhere but at Azure, whose keys go in `api-key`; its tokens (JWTs) are bearers again. */
function authHeaders(key: string, target: UpstreamTarget): Record<string, string> {
	if (target.authStyle === 'x-api-key') return { 'x-api-key': key }
	const isToken = key.startsWith('eyJ') && key.split('.').length === 3
	if (target.authStyle === 'auto' && isAzure(target.baseUrl) && !isToken) return { 'api-key': key }
	return { authorization: `Bearer ${key}` }
}
