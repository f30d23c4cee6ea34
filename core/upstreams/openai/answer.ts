import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { toUnusedId } from '../shared/call-ids.ts'
import { isRecord } from '../shared/failure.ts'
import { asNumber, asText } from '../shared/json-values.ts'
import { failWithOpenAiError } from '../shared/openai-error.ts'
import { readOpenAiUsage } from '../shared/openai-usage.ts'
import { toStopReason } from './finish-reason.ts'
import { isGemini } from './hosts.ts'
import { readReasoning, readThinkingPart } from './reasoning-text.ts'
import { TaggedText, writeTagSignature } from './think-tags.ts'
import { type EncryptedDetail, readEncrypted, writeDetails } from './thought-signature.ts'
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
	readonly #isGemini: boolean
	readonly #usageOptions: { thinksApart: boolean }
	/** OpenRouter's signatures of the calls that come next. */
	#details: EncryptedDetail[] = []
	#toolCalls: ToolCallReader | undefined
	#answered = false
	#refused = false
	/** Citations belong to the text before them; elsewhere they would open an empty block. */
	#inText = false
	/** What deltas have brought: a whole message after them says it again. */
	#streamedText = false
	#streamedThinking = false
	#notedPart = false
	/** Until the beginning of the text has shown whether thinking stands in it. */
	#tagged: TaggedText | undefined
	#reasoned = false

	constructor(blocks: BlockWriter, context: ResponseContext) {
		this.#blocks = blocks
		this.#context = context
		// Google's own endpoint leaves thinking out of the completion, and out of all details.
		this.#isGemini = isGemini(context.upstreamModel)
		this.#usageOptions = { thinksApart: this.#isGemini }
		this.#tagged = new TaggedText({
			// Some servers tell it in a field of its own as well.
			thinking: text => void (this.#reasoned || this.#thinking(text)),
			endThinking: tag => {
				if (!this.#reasoned) blocks.signature(writeTagSignature(tag, context.upstreamModel))
			},
			text: text => this.#say(text),
		})
	}

	read(chunk: Record<string, unknown>): boolean {
		const { choices, usage } = chunk
		if (!Array.isArray(choices) || hasError(chunk.error)) return this.#readOther(chunk)
		if (usage) this.#readUsage(usage)
		for (const choice of choices) if (isRecord(choice)) this.#readChoice(choice)
		return choices.length > 0
	}

	/**
	 * With n > 1 only the first answer counts; we never ask for more. Without any index they are one answer: GitHub
	 * Copilot tells Claude's text and its calls in a choice each.
	 */
	#readChoice(choice: Record<string, unknown>): void {
		if (asNumber(choice.index) > 0) return
		this.#answered = true
		const delta = choice.delta ?? choice.message
		if (isRecord(delta)) this.#readDelta(delta, delta === choice.message)
		// Some servers write the absent reason as text.
		if (choice.finish_reason && choice.finish_reason !== 'null') this.#readFinish(choice)
		if (choice.usage) this.#readUsage(choice.usage)
	}

	complete(): void {
		const cutOff = this.#toolCalls?.isWhole() === false
		this.#endTags()
		if (this.#answered && !this.#blocks.finished && !cutOff) {
			this.#blocks.finish(this.#refused ? 'refusal' : 'end_turn')
		}
		this.end()
	}

	end(): void {
		if (this.#blocks.over) return
		this.#endTags()
		this.#toolCalls?.end()
		this.#blocks.end()
	}

	/** Chunks without choices: an error, usage alone, or something that is none of ours. */
	#readOther(chunk: Record<string, unknown>): boolean {
		if (failWithOpenAiError(this.#blocks, chunk)) return true
		if (chunk.usage) this.#readUsage(chunk.usage)
		return Boolean(chunk.usage)
	}

	/** Later counts may leave out what earlier ones told. */
	#readUsage(usage: unknown): void {
		this.#blocks.usage(readOpenAiUsage(usage, this.#blocks.result.usage, this.#usageOptions))
	}

	#readDelta(delta: Record<string, unknown>, isWhole: boolean): void {
		const reasoning = readReasoning(delta)
		if (reasoning !== '' && !(isWhole && this.#streamedThinking)) {
			this.#reasoned = true
			this.#thinking(reasoning)
			this.#streamedThinking = !isWhole
		}
		if (this.#isGemini && Array.isArray(delta.reasoning_details)) {
			for (const detail of readEncrypted(delta.reasoning_details)) this.#keepDetail(detail)
		}
		if (!(isWhole && this.#streamedText)) {
			this.#readText(delta)
			this.#streamedText ||= this.#inText && !isWhole
		}
		if (Array.isArray(delta.tool_calls)) this.#readToolCalls(delta.tool_calls, isWhole)
		else if (delta.function_call) this.#startToolCalls().readFunctionCall(delta.function_call)
	}

	/** With the id that its call will have. */
	#keepDetail(detail: EncryptedDetail): void {
		const { id } = detail
		const unused = typeof id === 'string' ? toUnusedId(id, this.#context) : id
		this.#details.push(unused === id ? detail : { ...detail, id: unused })
	}

	#readText({ content, refusal, annotations }: Record<string, unknown>): void {
		if (typeof content === 'string') this.#text(content)
		else if (Array.isArray(content)) this.#readParts(content)
		if (typeof refusal === 'string' && refusal !== '') this.#refuse(refusal)
		if (Array.isArray(annotations)) this.#readAnnotations(annotations)
	}

	#text(text: string): void {
		if (text === '') return
		this.#inText = true
		if (this.#tagged === undefined) return this.#blocks.text(text)
		this.#tagged.push(text)
		if (this.#tagged.isOver) this.#tagged = undefined
	}

	/** Text without thinking in it. */
	#say(text: string): void {
		this.#inText = true
		this.#blocks.text(text)
	}

	#endTags(): void {
		this.#tagged?.flush()
		this.#tagged = undefined
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
			else this.#notePart(part)
		}
	}

	/** Once per answer: such parts may come in pieces. */
	#notePart({ type }: Record<string, unknown>): void {
		if (this.#notedPart) return
		this.#notedPart = true
		const detail = `a part of type "${asText(type).slice(0, 50)}" has no place in a message`
		this.#blocks.note({ field: 'content', action: 'dropped', detail })
	}

	#startToolCalls(): ToolCallReader {
		this.#endTags()
		this.#inText = false
		this.#toolCalls ??= createToolCallReader(this.#blocks, this.#context)
		return this.#toolCalls
	}

	#readToolCalls(calls: readonly unknown[], areWhole: boolean): void {
		if (calls.length === 0) return
		const reader = this.#startToolCalls()
		if (this.#details.length > 0) {
			this.#blocks.signature(writeDetails(this.#details))
			this.#details = []
		}
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
			if (choice.error && failWithOpenAiError(this.#blocks, { error: choice.error })) return
			const message = `the upstream broke off its answer: ${given}`
			this.#blocks.fail({ type: 'api_error', message })
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

/** Some relays have a place for an error in every answer, with nothing in it. */
function hasError(error: unknown): boolean {
	if (!isRecord(error)) return Boolean(error)
	return Object.values(error).some(value => value !== '' && value !== null && value !== 0)
}
