import { type ScriptedUpstream, startUpstream, type UpstreamOptions } from '../http-server.ts'
import type { RecordedRequest, StatusFault } from '../script.ts'
import { type Accepted, directRoute, Refusal, type Vendor } from '../vendor.ts'
import { checkConfig } from './config-rules.ts'
import { checkContents } from './content-rules.ts'
import { geminiError, geminiFaults, missingKey, refuse, refuseProblems, refuseViolations } from './errors.ts'
import { requestMessages } from './messages.ts'
import { defaultModels, generationOf } from './models.ts'
import { readMessage } from './proto.ts'
import { renderAnswer } from './render.ts'
import { findToolProblems } from './schema-rules.ts'
import type { GeminiRequest } from './types.ts'

export interface GeminiUpstreamOptions extends UpstreamOptions {
	/** The models it has; any other is a 404. */
	models?: readonly string[]
	/** Where the API begins; both `/v1beta` and `/v1` unless said otherwise. */
	basePath?: string
}

const METHODS = ['generateContent', 'streamGenerateContent', 'countTokens'] as const

/** Starts a server that imitates the native Gemini API. */
export function startGeminiUpstream(options: GeminiUpstreamOptions = {}): Promise<ScriptedUpstream> {
	const models = options.models ?? defaultModels
	const bases = options.basePath === undefined ? ['/v1beta', '/v1'] : [options.basePath]
	const minted = new Set<string>()
	let serial = 0

	function mintSignature(): string {
		const signature = Buffer.from(`scripted thought ${serial}.${minted.size}`).toString('base64')
		minted.add(signature)
		return signature
	}

	function check(body: GeminiRequest, model: string) {
		const problems = findToolProblems(body.tools ?? [])
		if (problems.length > 0) throw refuseProblems(problems)
		checkContents(body, { required: generationOf(model) >= 3, minted })
		checkConfig(body, model)
	}

	function accept(request: RecordedRequest): Accepted {
		const rest = restOf(request, bases)
		if (request.method === 'GET' && (rest === 'models' || rest.startsWith('models/'))) {
			return directRoute('models')
		}
		const [, model, method] = /^models\/([^/:]+):(\w+)$/.exec(rest) ?? []
		if (request.method !== 'POST' || model === undefined || !METHODS.some(name => name === method)) {
			throw new Refusal({ status: 404, body: '' }, `no route ${request.method} ${request.path}`)
		}
		if (method !== 'streamGenerateContent' || request.query.alt === 'sse') {
			return acceptMethod(request, model, method!)
		}
		try {
			return acceptMethod(request, model, method)
		} catch (error) {
			// A stream that is a JSON array is one for errors too.
			if (!(error instanceof Refusal)) throw error
			throw new Refusal({ ...error.answer, body: [error.answer.body] }, error.message)
		}
	}

	function acceptMethod(request: RecordedRequest, model: string, method: string): Accepted {
		if (!models.includes(model)) throw refuseModel(model, method)
		if (method === 'countTokens') {
			const { generateContentRequest, contents } = parse<CountRequest>(request, 'CountTokensRequest')
			if (generateContentRequest && generateContentRequest.model !== `models/${model}`) {
				throw refuseProblems([
					'CountTokensRequest.generate_content_request.model: must name the model of the request',
				])
			}
			check(generateContentRequest ?? { contents: contents ?? [] }, model)
			return directRoute('countTokens')
		}
		const body = parse<GeminiRequest>(request, 'GenerateContentRequest')
		check(body, model)
		serial += 1
		return acceptMessage(request, body, model, method === 'streamGenerateContent')
	}

	function acceptMessage(
		request: RecordedRequest,
		body: GeminiRequest,
		model: string,
		stream: boolean,
	): Accepted {
		const sse = request.query.alt === 'sse'
		const context = {
			model,
			serial,
			requestBytes: request.rawBody.length,
			sse,
			showsThoughts: body.generationConfig?.thinkingConfig?.includeThoughts === true,
			mintSignature,
		}
		return {
			route: 'message',
			stream,
			streamType: sse ? 'text/event-stream' : 'application/json; charset=UTF-8',
			lastUserText: lastUserText(body),
			render: answer => renderAnswer(answer, context),
			errorFrame(errorBody, first) {
				const text = JSON.stringify(errorBody ?? geminiFaults.overloaded.body)
				if (sse) return `data: ${text}\n\n`
				return `${first ? '[' : ',\n'}${text}\n]\n`
			},
		}
	}

	const vendor: Vendor = {
		readKey: request => request.headers['x-goog-api-key'] ?? request.query.key,
		refuseKey: ({ key }) => new Refusal(key ? geminiFaults.invalidKey : missingKey, 'API key not valid'),
		accept,
		answerDirectly: (request, accepted) =>
			accepted.route === 'countTokens'
				? { status: 200, body: countTokens(request) }
				: answerModels(restOf(request, bases), models),
		headers: () => ({ server: 'scaffolding on HTTPServer2', vary: 'X-Origin' }),
		crlf: true,
		faults: geminiFaults,
	}
	return startUpstream(vendor, options)
}

/** The path behind the API's base; empty when it is none of them. */
function restOf(request: RecordedRequest, bases: readonly string[]): string {
	const base = bases.find(one => request.path.startsWith(`${one}/`))
	return base === undefined ? '' : request.path.slice(base.length + 1)
}

interface CountRequest {
	contents?: GeminiRequest['contents']
	generateContentRequest?: GeminiRequest
}

function parse<T>(request: RecordedRequest, message: string): T {
	if (request.body === undefined) throw refuse('Invalid JSON payload received. Unexpected token.')
	const { value, violations } = readMessage(requestMessages, message, request.body)
	if (violations.length > 0) throw refuseViolations(violations)
	return value as T
}

function lastUserText(body: GeminiRequest): string {
	const turn = body.contents?.findLast(content => content.role !== 'model')
	return (turn?.parts ?? []).map(part => part.text ?? '').join('')
}

function countTokens(request: RecordedRequest) {
	const totalTokens = Math.ceil(request.rawBody.length / 4)
	return { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] }
}

function answerModels(rest: string, models: readonly string[]): StatusFault {
	const describe = (id: string) => ({
		name: `models/${id}`,
		version: '001',
		displayName: id,
		inputTokenLimit: 1_048_576,
		outputTokenLimit: 65_536,
		supportedGenerationMethods: ['generateContent', 'countTokens'],
	})
	if (rest === 'models') return { status: 200, body: { models: models.map(describe) } }
	const id = rest.slice('models/'.length)
	return models.includes(id) ? { status: 200, body: describe(id) } : refuseModel(id, 'getModel').answer
}

function refuseModel(model: string, method: string): Refusal {
	const message = `models/${model} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`
	return new Refusal(geminiError('NOT_FOUND', message), message)
}
