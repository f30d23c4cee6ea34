import { type ScriptedUpstream, startUpstream, type UpstreamOptions } from '../http-server.ts'
import type { RecordedRequest, StatusFault } from '../script.ts'
import { type Accepted, directRoute, type Refusal, type Vendor } from '../vendor.ts'
import { checkBetas, readBetas } from './betas.ts'
import { anthropicFaults, REQUEST_ID, refuse } from './errors.ts'
import { refusalOf } from './issues.ts'
import { checkMessages } from './message-rules.ts'
import { defaultModels, traitsOf } from './models.ts'
import { renderAnswer } from './render.ts'
import { checkCacheControl, checkModelRules, checkStopSequences, checkTools } from './rules.ts'
import { countTokensSchema, type MessagesRequest, messagesSchema } from './schema.ts'

export interface AnthropicUpstreamOptions extends UpstreamOptions {
	/** The models it has; any other is a 404. */
	models?: readonly string[]
	/** Role "system" inside messages, whatever the model and the beta header say. */
	systemRole?: boolean
	/** Thinking signatures that count as the server's own, beside those it made. */
	acceptsSignature?: (signature: string) => boolean
	/** Where the API begins; `/v1` unless said otherwise. */
	basePath?: string
}

const VERSIONS = ['2023-01-01', '2023-06-01', '2026-10-21']

/** Starts a server that imitates Anthropic's Messages API. */
export function startAnthropicUpstream(options: AnthropicUpstreamOptions = {}): Promise<ScriptedUpstream> {
	const models = options.models ?? defaultModels
	const base = options.basePath ?? '/v1'
	const minted = new Map<string, string>()
	let serial = 0

	function mintSignature(thinking: string): string {
		const signature = Buffer.from(`scripted thinking ${serial}.${minted.size}`).toString('base64')
		minted.set(signature, thinking)
		return signature
	}

	function check(
		request: RecordedRequest,
		schema: typeof messagesSchema | typeof countTokensSchema,
	): MessagesRequest {
		if (typeof request.body !== 'object' || request.body === null) {
			throw refuse('The request body is not valid JSON')
		}
		const result = schema.safeParse(request.body)
		if (!result.success) throw refusalOf(result.error.issues, request.body)
		const body = result.data as MessagesRequest
		if (!models.includes(body.model)) throw refuse(`model: ${body.model}`, 'not_found_error')
		const betas = readBetas(request.headers['anthropic-beta'])
		checkBetas(body, betas)
		if (body.thread) {
			const details = { error_code: 'thread_unsupported_request', unsupported: [] }
			throw refuse('This model does not support message threads.', 'invalid_request_error', details)
		}
		const { systemRole } = traitsOf(body.model)
		const byBeta = systemRole === 'beta' && betas.some(beta => beta.startsWith('mid-conversation-system-'))
		checkMessages(body, {
			systemRole: options.systemRole ?? (systemRole === 'always' || byBeta),
			minted,
			acceptsSignature: options.acceptsSignature ?? (() => false),
		})
		checkTools(body)
		checkCacheControl(body)
		checkStopSequences(body)
		checkModelRules(body)
		return body
	}

	function accept(request: RecordedRequest): Accepted {
		const route = request.path.startsWith(`${base}/`) ? request.path.slice(base.length) : ''
		const isModels = route === '/models' || route.startsWith('/models/')
		if (!isModels && route !== '/messages' && route !== '/messages/count_tokens') {
			throw refuse('Not found', 'not_found_error')
		}
		if (request.method !== (isModels ? 'GET' : 'POST')) throw refuse('Method Not Allowed')
		checkVersion(request.headers['anthropic-version'])
		if (isModels) return directRoute('models')
		if (route === '/messages/count_tokens') {
			check(request, countTokensSchema)
			return directRoute('countTokens')
		}
		const body = check(request, messagesSchema)
		serial += 1
		const context = {
			model: body.model,
			serial,
			requestBytes: request.rawBody.length,
			omitsThinking: body.thinking?.display === 'omitted',
			mintSignature,
		}
		return {
			route: 'message',
			stream: body.stream === true,
			streamType: 'text/event-stream; charset=utf-8',
			lastUserText: lastUserText(body),
			render: answer => renderAnswer(answer, context),
			errorFrame: errorBody =>
				`event: error\ndata: ${JSON.stringify(errorBody ?? anthropicFaults.overloaded.body)}\n\n`,
		}
	}

	const vendor: Vendor = {
		readKey: ({ headers }) =>
			headers['x-api-key'] ?? /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1],
		refuseKey,
		accept,
		answerDirectly: (request, accepted) =>
			accepted.route === 'countTokens'
				? { status: 200, body: { input_tokens: Math.ceil(request.rawBody.length / 4) } }
				: answerModels(request, base, models),
		headers: () => ({
			'request-id': REQUEST_ID,
			'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
			'anthropic-ratelimit-requests-limit': '4000',
			'anthropic-ratelimit-requests-remaining': '3999',
		}),
		crlf: false,
		faults: anthropicFaults,
	}
	return startUpstream(vendor, options)
}

function checkVersion(version: string | undefined): void {
	if (version === undefined) throw refuse('anthropic-version: header is required')
	if (!VERSIONS.includes(version)) throw refuse(`anthropic-version: "${version}" is not a valid version`)
}

function refuseKey({ key, headers }: RecordedRequest): Refusal {
	if (key === undefined) return refuse('x-api-key header is required', 'authentication_error')
	const message = headers['x-api-key'] === undefined ? 'Invalid bearer token' : 'invalid x-api-key'
	return refuse(message, 'authentication_error')
}

function lastUserText({ messages }: MessagesRequest): string {
	const content = messages.findLast(message => message.role === 'user')?.content ?? ''
	return typeof content === 'string' ? content : content.map(block => block.text ?? '').join('')
}

function answerModels(request: RecordedRequest, base: string, models: readonly string[]): StatusFault {
	const describe = (id: string) => ({
		type: 'model',
		id,
		display_name: id,
		created_at: '2026-01-01T00:00:00Z',
	})
	if (request.path === `${base}/models`) {
		const body = {
			data: models.map(describe),
			has_more: false,
			first_id: models[0] ?? null,
			last_id: models.at(-1) ?? null,
		}
		return { status: 200, body }
	}
	const id = request.path.slice(`${base}/models/`.length)
	if (!models.includes(id)) return refuse(`model: ${id}`, 'not_found_error').answer
	return { status: 200, body: describe(id) }
}
