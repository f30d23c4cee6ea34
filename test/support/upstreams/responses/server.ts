import { type ScriptedUpstream, startUpstream, type UpstreamOptions } from '../http-server.ts'
import { openAiError, openAiFaults, refuse } from '../openai/errors.ts'
import { refusalOf } from '../openai/issues.ts'
import { defaultModels, traitsOf } from '../openai/models.ts'
import { answerModels, readBearer, refuseKey, refuseMethod, refuseModel } from '../openai/routes.ts'
import type { JsonObject, RecordedRequest } from '../script.ts'
import { type Accepted, directRoute, Refusal, type Rendered, type Vendor } from '../vendor.ts'
import { frame, renderAnswer } from './render.ts'
import { checkRules } from './rules.ts'
import { type ResponsesRequest, requestSchema } from './schema.ts'

export interface ResponsesUpstreamOptions extends UpstreamOptions {
	/** The models it has; any other is a 404. */
	models?: readonly string[]
}

const base = '/v1'

/** Starts a server that imitates OpenAI's Responses API. */
export function startResponsesUpstream(options: ResponsesUpstreamOptions = {}): Promise<ScriptedUpstream> {
	const models = options.models ?? defaultModels
	let serial = 0

	function accept(request: RecordedRequest): Accepted {
		if (request.path === `${base}/models` || request.path.startsWith(`${base}/models/`)) {
			if (request.method !== 'GET') throw refuseMethod(request)
			return directRoute('models')
		}
		if (request.path !== `${base}/responses`) {
			const message = `Invalid URL (${request.method} ${request.path})`
			throw new Refusal(openAiError(message, { status: 404 }), message)
		}
		if (request.method !== 'POST') throw refuseMethod(request)
		const body = checkRequest(request)
		if (!models.includes(body.model)) throw refuseModel(body.model)
		serial += 1
		const { reasoning } = traitsOf(body.model)
		const context = { request: body, serial, reasoning, requestBytes: request.rawBody.length }
		return {
			route: 'message',
			stream: body.stream === true,
			streamType: 'text/event-stream; charset=utf-8',
			lastUserText: lastUserText(body),
			render: (answer): Rendered => renderAnswer(answer, context),
			errorFrame: errorBody =>
				frame({ type: 'error', ...(errorBody ?? (openAiFaults.serverError.body as JsonObject)) }),
		}
	}

	const vendor: Vendor = {
		readKey: readBearer,
		refuseKey,
		accept,
		answerDirectly: request => answerModels(request, base, models),
		headers: () => ({
			'x-request-id': `req_${String(serial).padStart(32, '0')}`,
			'openai-version': '2020-10-01',
		}),
		crlf: false,
		faults: openAiFaults,
	}
	return startUpstream(vendor, options)
}

/** Everything the API would refuse about a body. Throws a Refusal. */
export function checkBody(body: unknown): ResponsesRequest {
	const result = requestSchema.safeParse(body)
	if (!result.success) throw refusalOf(result.error.issues, body)
	checkRules(result.data)
	return result.data
}

function checkRequest(request: RecordedRequest): ResponsesRequest {
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
		throw refuse(
			`Unsupported media type '${request.headers['content-type'] ?? ''}'. Use 'application/json' instead.`,
		)
	}
	if (typeof request.body !== 'object' || request.body === null) {
		throw refuse('We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.')
	}
	return checkBody(request.body)
}

function lastUserText({ input }: ResponsesRequest): string {
	if (typeof input === 'string') return input
	const items = input as { role?: string; content?: string | { text?: string }[] }[]
	const content = items.findLast(item => item.role === 'user')?.content ?? ''
	return typeof content === 'string' ? content : content.map(part => part.text ?? '').join('')
}
