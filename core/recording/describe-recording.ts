import { hidden, redactUrl } from '../config/redact.ts'
import { createSecretFinder, type FindSecrets, replaceSecrets } from '../keys/find-secrets.ts'
import { maskKey } from '../keys/mask.ts'
import { readUrlSecrets } from '../keys/sent-secrets.ts'
import type { HeaderMap } from '../upstreams/contract.ts'
import { type BodyText, readBodyText } from './body-text.ts'
import type { CutBody, RawAnswer, RawAttempt, RawRecording } from './recorder.ts'

/** A body with its head, ready to be stored: no secret is in it any more. */
export interface StoredPayload extends BodyText {
	method?: string
	url?: string
	status?: number
	contentType: string
	headers: HeaderMap
}

export interface StoredAttempt {
	/** Milliseconds since the request arrived. */
	at: number
	request: StoredPayload
	answer: StoredPayload | null
	/** Why there was no answer, or no whole one. */
	problem: string
}

/** What is stored of a request, as JSON. */
export interface StoredRecording {
	version: 1
	mode: RawRecording['mode']
	request: StoredPayload
	attempts: StoredAttempt[]
	answer: StoredPayload | null
}

/** Secrets that a recording must not hold, besides the keys that it was sent with. */
export interface KnownSecrets {
	/** Ours: access keys and the like. */
	own: readonly string[]
	/** The keys of all upstreams. */
	upstreams: readonly string[]
}

/** Takes every secret out of a recording. Pure. */
export function describeRecording(raw: RawRecording, secrets: KnownSecrets): StoredRecording {
	const hiddenValues = raw.attempts.flatMap(({ request, hiddenHeaders }) =>
		hiddenHeaders.map(name => request.headers[name] ?? ''),
	)
	const inUrls = raw.attempts.flatMap(({ request }) => readUrlSecrets(request.url))
	const sentWith = raw.attempts.map(({ secret }) => secret)
	const few = [...new Set([...sentWith, ...secrets.own, ...hiddenValues, ...inUrls])]
	const many = secrets.upstreams
	const longest = [...few, ...many].reduce((length, secret) => Math.max(length, secret.length), 64)
	const scribe = new Scribe({
		maxBytes: raw.maxBytes,
		edge: longest,
		find: createSecretFinder({ few, many }),
		findInAnswer: createSecretFinder({ few, many, queries: true }),
	})
	return {
		...{ version: 1, mode: raw.mode },
		request: scribe.describeClientRequest(raw.request),
		attempts: raw.attempts.map(attempt => scribe.describeAttempt(attempt)),
		answer: scribe.describeAnswer(raw.answer),
	}
}

interface Rules {
	maxBytes: number
	/** How much next to a gap may be a piece of a secret. */
	edge: number
	find: FindSecrets
	findInAnswer: FindSecrets
}

class Scribe {
	readonly #rules: Rules

	constructor(rules: Rules) {
		this.#rules = rules
	}

	describeClientRequest({ method, path, query, headers, body }: RawRecording['request']): StoredPayload {
		const url = this.#cleanUrl(query === '' ? path : `${path}?${query}`)
		return { method, url, ...this.#describeBody(headers, body, []) }
	}

	describeAttempt({ at, request, body, hiddenHeaders, answer, problem }: RawAttempt): StoredAttempt {
		const sent = this.#describeBody(request.headers, body, hiddenHeaders)
		return {
			at,
			request: { method: request.method, url: this.#cleanUrl(request.url), ...sent },
			answer: this.describeAnswer(answer),
			problem: replaceSecrets(problem, this.#rules.findInAnswer),
		}
	}

	describeAnswer(answer: RawAnswer | undefined): StoredPayload | null {
		if (!answer) return null
		const { status, headers, body } = answer
		const text = readBodyText(body, { ...this.#rules, find: this.#rules.findInAnswer })
		return { status, ...this.#describeHead(headers, []), ...text }
	}

	#describeBody(headers: HeaderMap, { bytes, length }: CutBody, hiddenHeaders: readonly string[]) {
		const content = { head: [{ at: 0, chunk: bytes }], tail: [], left: length - bytes.length, length }
		return {
			...this.#describeHead(headers, hiddenHeaders),
			...readBodyText(content, { ...this.#rules, onlyHead: true }),
		}
	}

	#describeHead(headers: HeaderMap, hiddenHeaders: readonly string[]) {
		const lower = hiddenHeaders.map(name => name.toLowerCase())
		const shown = Object.entries(headers).map(([name, value]): [string, string] => {
			if (lower.includes(name.toLowerCase())) return [name, hidden]
			return [name, this.#cleanHeader(name.toLowerCase(), String(value))]
		})
		return { contentType: readHeader(headers, 'content-type'), headers: Object.fromEntries(shown) }
	}

	#cleanHeader(name: string, value: string): string {
		if (/cookie/.test(name)) return hidden
		if (isSecretHeader(name)) return value.replace(/^(Bearer\s+|Basic\s+)?(.*)$/is, maskValue)
		return replaceSecrets(redactUrl(value), this.#rules.findInAnswer)
	}

	#cleanUrl(url: string): string {
		return replaceSecrets(redactUrl(url), this.#rules.findInAnswer)
	}
}

const isSecretHeader = (name: string) =>
	/authorization$|(?:^|-)(?:api-?)?key$|(?:^|-)token$|secret|password|credential|signature|assertion/.test(
		name,
	)

const maskValue = (_: string, scheme: string | undefined, value: string) =>
	`${scheme ?? ''}${scheme?.startsWith('Basic') ? hidden : maskKey(value)}`

function readHeader(headers: HeaderMap, wanted: string): string {
	const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)
	return found ? String(found[1]) : ''
}
