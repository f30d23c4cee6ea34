import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { isRecord } from '../shared/failure.ts'
import { asText } from '../shared/json-values.ts'
import { readOpenAiError } from '../shared/openai-error.ts'
import { readOpenAiUsage } from '../shared/openai-usage.ts'
import { toStopReason } from './finish-reason.ts'
import { readReasoning, readThinkingPart } from './reasoning-text.ts'
import { createToolCallReader, type ToolCallReader } from './tool-calls.ts'

/** Writes an answer to the block writer: the same for a stream's deltas and for a whole message. */
export interface AnswerReader {
	/** One chunk, or a whole completion. False when it is neither an answer nor an error. */
	read(chunk: Record<string, unknown>): boolean
	/** The answer is over: finishes it even where the upstream gave no reason, unless a call is visibly cut off. */
	complete(): void
	/** The connection ended: finishes only what the upstream called finished. */
	end(): void
}

export function createAnswerReader(blocks: BlockWriter, context: ResponseContext): AnswerReader {
	return new Reader(blocks, context)
}

class Reader implements AnswerReader {
	readonly #blocks: BlockWriter
	readonly #context: ResponseContext
	#toolCalls: ToolCallReader | undefined
	#answered = false
	#refused = false
	/** Citations belong to the text before them; elsewhere they would open an empty block. */
	#inText = false

	constructor(blocks: BlockWriter, context: ResponseContext) {
		this.#blocks = blocks
		this.#context = context
	}

	read(chunk: Record<string, unknown>): boolean {
		const { choices, usage } = chunk
		if (chunk.error || !Array.isArray(choices)) return this.#readOther(chunk)
		if (usage) this.#blocks.usage(readOpenAiUsage(usage))
		const choice: unknown = choices[0]
		// With n > 1 only the first answer counts; we never ask for more.
		if (!isRecord(choice) || (choice.index ?? 0) !== 0) return choices.length > 0
		this.#answered = true
		const delta = choice.delta ?? choice.message
		if (isRecord(delta)) this.#readDelta(delta, delta === choice.message)
		// Some servers write the absent reason as text.
		if (choice.finish_reason && choice.finish_reason !== 'null') this.#readFinish(choice)
		if (choice.usage) this.#blocks.usage(readOpenAiUsage(choice.usage))
		return true
	}

	complete(): void {
		const cutOff = this.#toolCalls?.isWhole() === false
		if (this.#answered && !this.#blocks.finished && !cutOff) {
			this.#blocks.finish(this.#refused ? 'refusal' : 'end_turn')
		}
		this.end()
	}

	end(): void {
		if (this.#blocks.over) return
		this.#toolCalls?.end()
		this.#blocks.end()
	}

	/** Chunks without choices: an error, usage alone, or something that is none of ours. */
	#readOther(chunk: Record<string, unknown>): boolean {
		const error = readOpenAiError(chunk)
		if (error) {
			this.#blocks.fail(error, { json: chunk })
			return true
		}
		if (chunk.usage) this.#blocks.usage(readOpenAiUsage(chunk.usage))
		return Boolean(chunk.usage)
	}

	#readDelta(delta: Record<string, unknown>, isWhole: boolean): void {
		const { content } = delta
		const reasoning = readReasoning(delta)
		if (reasoning !== '') this.#thinking(reasoning)
		if (typeof content === 'string') this.#text(content)
		else if (Array.isArray(content)) this.#readParts(content)
		if (typeof delta.refusal === 'string' && delta.refusal !== '') this.#refuse(delta.refusal)
		if (Array.isArray(delta.annotations)) this.#readAnnotations(delta.annotations)
		if (Array.isArray(delta.tool_calls)) this.#readToolCalls(delta.tool_calls, isWhole)
		else if (delta.function_call) this.#startToolCalls().readFunctionCall(delta.function_call)
	}

	#text(text: string): void {
		if (text === '') return
		this.#inText = true
		this.#blocks.text(text)
	}

	#thinking(text: string): void {
		this.#inText = false
		this.#blocks.thinking(text)
	}

	#refuse(text: string): void {
		this.#refused = true
		this.#text(text)
	}

	/** Content as parts: Mistral's thinking models, and relays of other dialects. */
	#readParts(parts: readonly unknown[]): void {
		for (const part of parts) {
			if (!isRecord(part)) continue
			if (part.type === 'thinking' || part.type === 'reasoning') this.#thinking(readThinkingPart(part))
			else if (typeof part.refusal === 'string') this.#refuse(part.refusal)
			else if (typeof part.text === 'string') this.#text(part.text)
		}
	}

	#startToolCalls(): ToolCallReader {
		this.#inText = false
		this.#toolCalls ??= createToolCallReader(this.#blocks, this.#context)
		return this.#toolCalls
	}

	#readToolCalls(calls: readonly unknown[], areWhole: boolean): void {
		if (calls.length === 0) return
		const reader = this.#startToolCalls()
		if (areWhole) reader.readWhole(calls)
		else for (const fragment of calls) reader.read(fragment)
	}

	#readAnnotations(annotations: readonly unknown[]): void {
		for (const annotation of annotations) {
			const cited = isRecord(annotation) ? annotation.url_citation : undefined
			if (!isRecord(cited) || typeof cited.url !== 'string' || !this.#inText) continue
			this.#blocks.citation({
				type: 'web_search_result_location',
				url: cited.url,
				title: typeof cited.title === 'string' ? cited.title : null,
				cited_text: typeof cited.content === 'string' ? cited.content : '',
				encrypted_index: '',
			})
		}
	}

	#readFinish(choice: Record<string, unknown>): void {
		const given = asText(choice.finish_reason)
		const reason = toStopReason(given)
		if (reason === 'fault') {
			const own = choice.error ? { error: choice.error } : undefined
			const error = readOpenAiError(choice)
			const message = `the upstream broke off its answer: ${given}`
			this.#blocks.fail(error ?? { type: 'api_error', message }, own && { json: own })
			return
		}
		if (!reason) {
			const detail = `unknown finish reason "${given.slice(0, 50)}" taken for the end of the turn`
			this.#blocks.note({ field: 'finish_reason', action: 'replaced', detail })
		}
		// vLLM names the sequence in stop_reason, SGLang in matched_stop; OpenAI does not tell.
		const stopped = [choice.stop_reason, choice.matched_stop].find(
			(value): value is string => typeof value === 'string' && this.#context.stopSequences.includes(value),
		)
		if (this.#refused) this.#blocks.finish('refusal')
		else if (reason === 'end_turn' && stopped !== undefined) this.#blocks.finish('stop_sequence', stopped)
		else this.#blocks.finish(reason ?? 'end_turn')
	}
}
