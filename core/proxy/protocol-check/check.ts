import type { Message } from '../../messages/events.ts'
import type { Note } from '../../messages/notes.ts'

/** An answer as a client got it. */
export interface CheckedAnswer {
	/** 0 when there was none. */
	status: number
	/** Of a whole answer. */
	json: unknown
	/** Of a stream, in order. */
	events: readonly Readonly<Record<string, unknown>>[]
	/** What either amounts to; undefined for an error. */
	message: Message | undefined
	/** What the conversion changed or left out. */
	notes: readonly Note[]
}

export interface CheckTools {
	/** Sends a request of the Messages API on the way of clients' requests. Never rejects. */
	ask(
		body: Readonly<Record<string, unknown>>,
		options?: { signal?: AbortSignal; onEvent?(event: Readonly<Record<string, unknown>>): void },
	): Promise<CheckedAnswer>
	/** Counts a request's tokens; `estimate`: the upstream has no counter of its own. */
	count(
		body: Readonly<Record<string, unknown>>,
	): Promise<{ tokens: number; source: 'upstream' | 'estimate' } | undefined>
	/** As a client asks for it. */
	model: string
}

/** `partly`: clients can live with it. `no`: the upstream does not do it. `failed`: an error where there should be none. */
export type Verdict = 'ok' | 'partly' | 'no' | 'failed' | 'skipped'

export interface Judgement {
	verdict: Verdict
	/** Why; empty when there is nothing to say. */
	detail: string
}

export interface ProtocolCheck {
	id: string
	title: string
	/** Requests that it makes. */
	requests: number
	/** Output tokens that it may cost at most. */
	maxTokens: number
	run(tools: CheckTools): Promise<Judgement>
}

export const ok = (detail = ''): Judgement => ({ verdict: 'ok', detail })
export const partly = (detail: string): Judgement => ({ verdict: 'partly', detail })
export const no = (detail: string): Judgement => ({ verdict: 'no', detail })

/** An error answer, in the upstream's words; undefined for a good answer. */
export function findFailure({ status, json, events }: CheckedAnswer): Judgement | undefined {
	const failed = events.find(({ type }) => type === 'error') ?? (status === 200 ? undefined : json)
	if (failed === undefined && status === 200) return undefined
	const { error } = (failed ?? {}) as { error?: { message?: unknown } }
	const sentence = typeof error?.message === 'string' ? error.message : 'no answer'
	return { verdict: 'failed', detail: `${status === 200 ? '' : `${status}: `}${sentence}`.slice(0, 300) }
}

export function readText(message: Message | undefined): string {
	return (message?.content ?? []).flatMap(block => (block.type === 'text' ? block.text : [])).join('')
}

export interface ToolCall {
	id: string
	name: string
	input: unknown
}

export function listCalls(message: Message | undefined): ToolCall[] {
	return (message?.content ?? []).flatMap(block => (block.type === 'tool_use' ? [block] : []))
}
