import { type ScriptedUpstream, startUpstream, type UpstreamOptions } from '../http-server.ts'
import type { RecordedRequest } from '../script.ts'
import { type Accepted, directRoute, Refusal, type Rendered, type Vendor } from '../vendor.ts'
import { openAiError, openAiFaults, refuse } from './errors.ts'
import { refusalOf } from './issues.ts'
import { checkMessages } from './message-rules.ts'
import { compatibleModels, defaultModels } from './models.ts'
import { renderAnswer } from './render.ts'
import { answerModels, readBearer, refuseKey, refuseMethod, refuseModel } from './routes.ts'
import { checkCombinations, checkModelRules, checkTools } from './rules.ts'
import { type ChatRequest, oldRequestSchema, requestSchema } from './schema.ts'

export interface OpenAiUpstreamOptions extends UpstreamOptions {
	/** The models it has; any other is a 404. */
	models?: readonly string[]
	/** `old`: a compatible server of late 2023, which knows `max_tokens` only and nothing newer than tools. */
	compat?: 'old'
	/** With `compat: 'old'`: whether it takes `stream_options` all the same. */
	streamOptions?: boolean
	/**
	 * `reasoning_content` in assistant messages: OpenAI refuses it as unknown, DeepSeek's like accept it, and in
	 * thinking mode some require it beside tool calls.
	 */
	reasoningContent?: 'refused' | 'accepted' | 'required'
	/** The member that thinking is answered in. */
	reasoningField?: 'reasoning_content' | 'reasoning'
	/** Where the API begins; `/v1` unless said otherwise. */
	basePath?: string
}

/** Starts a server that imitates OpenAI's Chat Completions, or an older server compatible with it. */
export function startOpenAiUpstream(options: OpenAiUpstreamOptions = {}): Promise<ScriptedUpstream> {
	const models = options.models ?? (options.compat === 'old' ? compatibleModels : defaultModels)
	const base = options.basePath ?? '/v1'
	let serial = 0

	function accept(request: RecordedRequest): Accepted {
		if (request.path === `${base}/models` || request.path.startsWith(`${base}/models/`)) {
			if (request.method !== 'GET') throw refuseMethod(request)
			return directRoute('models')
		}
		if (request.path !== `${base}/chat/completions`) {
			const message = `Invalid URL (${request.method} ${request.path})`
			throw new Refusal(openAiError(message, { status: 404 }), message)
		}
		if (request.method !== 'POST') throw refuseMethod(request)
		const body = checkRequest(request, options)
		if (!models.includes(body.model)) throw refuseModel(body.model)
		serial += 1
		const context = {
			model: body.model,
			serial,
			includeUsage: Boolean(body.stream && body.stream_options?.include_usage),
			reasoningField: options.reasoningField ?? 'reasoning_content',
			requestBytes: request.rawBody.length,
		} as const
		return {
			route: 'message',
			stream: body.stream === true,
			streamType: 'text/event-stream; charset=utf-8',
			lastUserText: lastUserText(body),
			render: (answer): Rendered => renderAnswer(answer, context),
			errorFrame: errorBody => `data: ${JSON.stringify(errorBody ?? openAiFaults.serverError.body)}\n\n`,
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

function checkRequest(request: RecordedRequest, options: OpenAiUpstreamOptions): ChatRequest {
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
		throw refuse(
			`Unsupported media type '${request.headers['content-type'] ?? ''}'. Use 'application/json' instead.`,
		)
	}
	if (typeof request.body !== 'object' || request.body === null) {
		throw refuse('We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.')
	}
	const body = options.reasoningContent === undefined ? request.body : takeReasoning(request.body, options)
	const old = options.compat === 'old'
	const result = (old ? oldRequestSchema : requestSchema).safeParse(body)
	if (!result.success) throw refusalOf(result.error.issues, body)
	const checked = result.data as ChatRequest
	if (old && checked.stream_options != null && !options.streamOptions) {
		throw refuse('Unrecognized request argument supplied: stream_options')
	}
	checkCombinations(checked)
	checkTools(checked)
	checkMessages(checked.messages)
	if (!old) checkModelRules(checked)
	return checked
}

/** Servers that know `reasoning_content` take it out of assistant messages before anything else is judged. */
function takeReasoning(body: object, { reasoningContent }: OpenAiUpstreamOptions): object {
	if (reasoningContent === 'refused' || !('messages' in body) || !Array.isArray(body.messages)) return body
	const messages = body.messages.map((message: Record<string, unknown>, index) => {
		if (message?.role !== 'assistant') return message
		const { reasoning_content: reasoning, ...rest } = message
		if (reasoningContent === 'required' && rest.tool_calls && typeof reasoning !== 'string') {
			throw refuse(`Missing \`reasoning_content\` field in the assistant message at message index ${index}`)
		}
		return rest
	})
	return { ...body, messages }
}

function lastUserText(body: ChatRequest): string {
	const content: unknown = body.messages.findLast(message => message.role === 'user')?.content ?? ''
	if (typeof content === 'string') return content
	return (content as { text?: string }[]).map(part => part.text ?? '').join('')
}
