import { mapModel } from '../config/model-map.ts'
import { redactUrl } from '../config/redact.ts'
import type { KeySnapshot, UpstreamSnapshot } from '../config/snapshot.ts'
import { maskInText } from '../keys/mask.ts'
import { listSentSecrets } from '../keys/sent-secrets.ts'
import { isUsable } from '../keys/strategy.ts'
import type { IncomingMessage, ResponseSink } from '../ports.ts'
import type { UpstreamAdapter } from '../upstreams/contract.ts'
import type { CreateAnswerReader } from './answer-reader.ts'
import { type AttemptResult, runAttempt } from './attempt.ts'
import { ClientAnswer } from './client-answer.ts'
import { convertAnswer, createMessageStart } from './converted-answer.ts'
import { createConvertedStream } from './converted-stream.ts'
import { passAnswer } from './passed-answer.ts'
import { type PreparedCall, prepareCall } from './prepare.ts'
import { askForModel, chooseMappedModel, smallModel } from './probe-model.ts'
import type { ProbeResult } from './probe-result.ts'
import { type WatchedTransport, watchTransport } from './probe-watch.ts'
import { createRepairs } from './repair.ts'
import type { ProxyServices } from './request-scope.ts'

/** What a probe needs of its surroundings. Nothing that writes: key health and learned facts stay as they are. */
export type ProbeServices = Pick<
	ProxyServices,
	'transport' | 'clock' | 'random' | 'learnedFacts' | 'findAdapter' | 'reportFault' | 'silenceMs'
>

export interface ProbeOptions {
	/** As a client would ask for it: the model map applies. */
	model?: string | undefined
	/** Paused or cooling does not matter; the first usable key unless given. */
	keyId?: string | undefined
	/** For the whole probe, ms. */
	timeoutMs?: number | undefined
	/** Aborts when nobody waits for the result any more. */
	signal?: AbortSignal | undefined
}

const defaultProbeTimeoutMs = 30_000

/** A list of models that takes longer is done without. */
const listPatienceMs = 8_000

/** OpenAI's Responses API takes no less than 16, and models that reason spend some on it. */
const maxTokens = 32

/**
 * Sends one tiny streamed message to an upstream, by the way that clients' messages go, and tells what came of it. Any
 * HTTP answer is a result. Refusals that can be repaired are, as they would be for a client. Never rejects.
 */
export async function probeUpstream(
	services: ProbeServices,
	upstream: UpstreamSnapshot,
	options: ProbeOptions = {},
): Promise<ProbeResult> {
	const probe = new Probe(services, upstream, options)
	return probe.run()
}

class Probe {
	readonly #services: ProbeServices
	readonly #upstream: UpstreamSnapshot
	readonly #options: ProbeOptions
	readonly #timeoutMs: number
	readonly #watched: WatchedTransport
	readonly #key: KeySnapshot | undefined
	readonly #started: number
	/** Aborts at the end of the time, or when the caller does. */
	readonly #stop = new AbortController()
	#timedOut = false
	#model = ''

	constructor(services: ProbeServices, upstream: UpstreamSnapshot, options: ProbeOptions) {
		this.#services = services
		this.#upstream = upstream
		this.#options = options
		this.#timeoutMs = options.timeoutMs ?? defaultProbeTimeoutMs
		this.#watched = watchTransport(services.transport, services.clock)
		const { keyId } = options
		this.#key =
			keyId === undefined ? upstream.keys.find(isUsable) : upstream.keys.find(({ id }) => id === keyId)
		this.#started = services.clock.elapsed()
	}

	async run(): Promise<ProbeResult> {
		const { signal } = this.#options
		const cancel = () => this.#stop.abort()
		const stopTimer = this.#services.clock.after(this.#timeoutMs, () => {
			this.#timedOut = true
			this.#stop.abort()
		})
		if (signal?.aborted) cancel()
		signal?.addEventListener('abort', cancel)
		try {
			return await this.#ask()
		} catch (error) {
			this.#services.reportFault(error, '')
			return this.#fail('client', error instanceof Error ? error.message : 'the probe could not be made')
		} finally {
			stopTimer()
			signal?.removeEventListener('abort', cancel)
		}
	}

	async #ask(): Promise<ProbeResult> {
		const adapter = this.#services.findAdapter(this.#upstream.type)
		if (!adapter) return this.#fail('client', `this version does not know the type "${this.#upstream.type}"`)
		const secret = this.#key?.secret
		if (secret === undefined) return this.#fail('auth', this.#describeMissingKey())
		this.#model = await this.#chooseModel(adapter, secret)
		const call = prepareCall(
			createRequest(this.#model, this.#stop.signal),
			{ ...this.#upstream, modelMap: {} },
			adapter,
			model => this.#services.learnedFacts.of(this.#upstream.id, model),
		)
		return this.#judge(await this.#send(call, secret))
	}

	#describeMissingKey(): string {
		const { keys } = this.#upstream
		if (this.#key) return 'this key cannot be opened with the ENCRYPTION_KEY in use'
		if (this.#options.keyId !== undefined) return 'the upstream has no such key'
		if (keys.length === 0) return 'the upstream has no key'
		return 'the upstream has no usable key: all are paused, or cannot be opened with the ENCRYPTION_KEY in use'
	}

	/** The model to ask the upstream for: mapped already. */
	async #chooseModel(adapter: UpstreamAdapter, secret: string): Promise<string> {
		const { model } = this.#options
		if (model !== undefined) return mapModel(model, this.#upstream.modelMap)
		const mapped = chooseMappedModel(this.#upstream.modelMap)
		if (mapped !== undefined) return mapped
		const patience = Math.min(listPatienceMs, this.#timeoutMs / 3)
		const deadline = this.#services.clock.elapsed() + patience
		const { signal } = this.#stop
		const services = { ...this.#services, transport: this.#watched.transport }
		const listed = await askForModel(
			{ services, upstream: this.#upstream, adapter, deadline, signal },
			secret,
		)
		return listed ?? smallModel
	}

	/** One attempt, and one more after each repair. */
	async #send(call: PreparedCall, secret: string): Promise<AttemptResult> {
		const { services, upstream } = { services: this.#services, upstream: this.#upstream }
		const repairs = createRepairs({ services, upstream, call })
		const client = new ClientAnswer(nowhere, services.clock)
		const createReader = createProbeReader(services, call, client)
		for (;;) {
			const { outgoing, adapter } = call
			const auth = adapter.authHeaders(secret, upstream)
			const result = await runAttempt({
				...{ adapter, client, createReader, signal: this.#stop.signal },
				transport: this.#watched.transport,
				outgoing: { ...outgoing, headers: { ...outgoing.headers, ...auth, ...upstream.extraHeaders } },
				route: {
					insecureSkipVerify: upstream.insecureSkipVerify,
					proxyUrl: upstream.proxyUrl,
					silenceMs: this.#timeoutMs,
				},
				onAccepted() {},
				onFault: error => services.reportFault(error, ''),
			})
			if (result.kind !== 'failed' || result.committed || !repairs.repair(result.failure)) return result
		}
	}

	#judge(result: AttemptResult): ProbeResult {
		if (result.kind === 'delivered') return this.#tell('ok', '')
		if (result.kind === 'failed') return this.#fail(result.failure.class, result.failure.message)
		if (!this.#timedOut) return this.#fail('cancelled', 'the probe was cancelled')
		const seconds = Math.round(this.#timeoutMs / 100) / 10
		return this.#fail('timeout', `the upstream did not complete its answer within ${seconds} s`)
	}

	#fail(failureClass: Exclude<ProbeResult['class'], 'ok'>, message: string): ProbeResult {
		const secrets = [this.#key?.secret ?? '', ...listSentSecrets(this.#upstream)]
		const masked = secrets.reduce((text, secret) => maskInText(text, secret), message)
		return this.#tell(failureClass, masked.slice(0, 500))
	}

	#tell(resultClass: ProbeResult['class'], message: string): ProbeResult {
		const { clock } = this.#services
		const seen = this.#watched.sighting()
		const ok = resultClass === 'ok'
		return {
			upstreamId: this.#upstream.id,
			upstreamName: this.#upstream.name,
			ok,
			status: seen?.status ?? 0,
			class: resultClass,
			message,
			url: redactUrl(seen?.url ?? ''),
			model: this.#model,
			answeredModel: ok ? (seen?.answeredModel ?? null) : null,
			keyId: this.#key?.id ?? null,
			keyMask: this.#key?.mask ?? null,
			connectMs: seen?.connectMs ?? null,
			firstByteMs: seen?.firstByteMs ?? null,
			totalMs: seen?.totalMs ?? Math.round(clock.elapsed() - this.#started),
			at: clock.now(),
		}
	}
}

/** The answer goes to nobody. */
const nowhere: ResponseSink = { head() {}, write: () => true, end() {}, abort() {}, onDrain() {} }

function createRequest(model: string, signal: AbortSignal): IncomingMessage {
	const messages = [{ role: 'user', content: 'hi' }]
	const body = JSON.stringify({ model, max_tokens: maxTokens, stream: true, messages })
	return {
		...{ method: 'POST', path: '/v1/messages', query: '', signal },
		headers: { 'user-agent': 'claude-proxy' },
		body: new TextEncoder().encode(body),
	}
}

/** The same readers as for a client: what they take for an answer is one. */
function createProbeReader(
	services: ProbeServices,
	call: PreparedCall,
	client: ClientAnswer,
): CreateAnswerReader {
	if (call.mode === 'pass-through') return passAnswer(call.adapter, client, { stream: true, headers: {} })
	const message = { messageId: services.random.id('msg'), model: call.model, inputTokens: 0 }
	return convertAnswer({
		...{ adapter: call.adapter, client, message, headers: {}, notes: call.notes },
		stream: createConvertedStream(client, {}, () => createMessageStart(message)),
		context: {
			toolNames: call.toolNames,
			upstreamModel: call.upstreamModel,
			stopSequences: [],
			newToolId: () => services.random.id('toolu'),
		},
	})
}
