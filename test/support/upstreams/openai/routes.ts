import type { RecordedRequest, StatusFault } from '../script.ts'
import { Refusal } from '../vendor.ts'
import { openAiError, quoteKey } from './errors.ts'

/** What all of OpenAI's endpoints have in common: keys, methods, the list of models. */

export function readBearer(request: RecordedRequest): string | undefined {
	return /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

export function answerModels(request: RecordedRequest, base: string, models: readonly string[]): StatusFault {
	const describe = (id: string) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'openai' })
	if (request.path === `${base}/models`) {
		return { status: 200, body: { object: 'list', data: models.map(describe) } }
	}
	const id = request.path.slice(`${base}/models/`.length)
	if (!models.includes(id)) return refuseModel(id).answer
	return { status: 200, body: describe(id) }
}

export function refuseModel(model: string): Refusal {
	const message = `The model \`${model}\` does not exist or you do not have access to it.`
	return new Refusal(openAiError(message, { code: 'model_not_found', status: 404 }), message)
}

export function refuseMethod(request: RecordedRequest): Refusal {
	const message = `Not allowed to ${request.method} on ${request.path}.`
	return new Refusal(openAiError(message, { status: 405, code: 'method_not_supported' }), message)
}

export function refuseKey(request: RecordedRequest): Refusal {
	const message =
		request.key === undefined
			? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
			: `Incorrect API key provided: ${quoteKey(request.key)}.`
	const code = request.key === undefined ? null : 'invalid_api_key'
	return new Refusal(openAiError(message, { code, status: 401 }), message)
}
