import type { BlockWriter } from '../../messages/block-writer.ts'
import { errorTypeForStatus } from '../../messages/errors.ts'
import { wrapSignature } from '../../messages/signatures.ts'
import type { ResponseContext, UpstreamFailure } from '../contract.ts'
import { takeUnusedId } from '../shared/call-ids.ts'
import { isRecord } from '../shared/failure.ts'
import { asNumber, asText } from '../shared/json-values.ts'
import { readFailure } from './failure.ts'
import { isReason, readFinishReason } from './finish-reason.ts'
import { finishGrounding, writeSearch } from './grounding.ts'
import { writeSignature } from './thought-signature.ts'
import { readUsage } from './usage.ts'

/** A part as it comes in: nothing about it is certain. */
type IncomingPart = Record<string, unknown>

/** Reads GenerateContentResponses, one for a JSON answer or many for a stream: their shape is the same. */
export class AnswerReader {
	readonly #blocks: BlockWriter
	readonly #context: ResponseContext
	#finishReason: string | undefined
	#blockReason: string | undefined
	/** Gemini's own words about the ending. */
	#finishMessage = ''
	#grounding: Record<string, unknown> | undefined
	/** The web search has been written as blocks. */
	#searched = false
	/** Something was said or called: the answer is not empty. */
	#spoke = false
	/** The last part was text, so that a signature for it can no longer come before. */
	#inText = false
	/** A text's signature that came after its text: sent before the next block, or never. */
	#textSignature: string | undefined
	#calls = 0

	constructor(blocks: BlockWriter, context: ResponseContext) {
		this.#blocks = blocks
		this.#context = context
	}

	/** One response object; `false` when it is nothing of Gemini's. Relays wrap it in `response` or in an array. */
	read(value: unknown): boolean {
		if (Array.isArray(value)) return value.map(item => this.read(item)).includes(true)
		if (!isRecord(value)) return false
		if (isRecord(value.response)) return this.read(value.response)
		if (value.error !== undefined && value.error !== null) {
			this.#fail(value)
			return true
		}
		// Usage first: the first content takes it along in message_start.
		if (isRecord(value.usageMetadata)) {
			this.#blocks.usage(readUsage(value.usageMetadata, this.#blocks.result.usage))
		}
		const candidate = Array.isArray(value.candidates) ? value.candidates[0] : undefined
		if (isRecord(candidate)) this.#readCandidate(candidate)
		if (isRecord(value.promptFeedback)) this.#readFeedback(value.promptFeedback)
		return 'candidates' in value || 'promptFeedback' in value || 'usageMetadata' in value
	}

	/** The answer is over: says how. */
	end(): void {
		const blocks = this.#blocks
		if (blocks.over) return
		const reason = this.#finishReason ?? this.#blockReason
		if (reason === undefined) {
			blocks.end()
			return
		}
		if (this.#grounding) {
			finishGrounding(this.#grounding, blocks, { textIsOpen: this.#inText, searched: this.#searched })
		}
		const ending = readFinishReason(reason)
		if (ending.kind === 'refusal' || this.#blockReason !== undefined) this.#refuse(reason)
		else if (ending.kind === 'broken') this.#endBroken(reason)
		else if (this.#spoke || ending.reason !== 'end_turn' || this.#context.stopSequences.length > 0) {
			blocks.finish(ending.reason)
		} else this.#failRetryably('the upstream ended its answer without saying anything')
		blocks.end()
	}

	#readCandidate(candidate: Record<string, unknown>): void {
		const content = isRecord(candidate.content) ? candidate.content : undefined
		// Sources first: they go before the text where they are known by then.
		if (isRecord(candidate.groundingMetadata)) {
			this.#grounding = { ...this.#grounding, ...candidate.groundingMetadata }
		}
		if (Array.isArray(content?.parts)) {
			for (const part of content.parts) {
				if (!isRecord(part)) continue
				// The common case: plain text.
				if (typeof part.text === 'string' && part.thought !== true && part.thoughtSignature === undefined) {
					this.#say(part.text)
				} else this.#readPart(part)
			}
		}
		if (isReason(candidate.finishReason)) this.#finishReason = candidate.finishReason
		if (typeof candidate.finishMessage === 'string') this.#finishMessage = candidate.finishMessage
	}

	#say(text: string): void {
		if (text === '') return
		// Blanks alone are no answer.
		if (!this.#spoke && text.trim() !== '') this.#beginToSpeak()
		this.#inText = true
		this.#blocks.text(text)
	}

	#beginToSpeak(): void {
		if (this.#spoke) return
		this.#spoke = true
		const newToolId = () => this.#context.newToolId()
		if (this.#grounding) this.#searched = writeSearch(this.#grounding, this.#blocks, newToolId)
	}

	#readPart(part: IncomingPart): void {
		const signature = typeof part.thoughtSignature === 'string' ? part.thoughtSignature : ''
		if (isRecord(part.functionCall)) this.#call(part.functionCall, signature)
		else if (typeof part.text === 'string') {
			if (part.thought === true) this.#think(part.text, signature)
			else this.#sayText(part.text, signature)
		} else if (isRecord(part.executableCode)) {
			const { code, language } = part.executableCode
			this.#say(`\n\`\`\`${asText(language).toLowerCase()}\n${code ?? ''}\n\`\`\`\n`)
		} else if (isRecord(part.codeExecutionResult)) {
			this.#say(`\n\`\`\`\n${part.codeExecutionResult.output ?? ''}\n\`\`\`\n`)
		} else if (isRecord(part.inlineData) || isRecord(part.fileData)) this.#leaveOut()
		else if (signature !== '') this.#sayText('', signature)
	}

	#think(text: string, signature: string): void {
		this.#leaveText()
		this.#blocks.thinking(text)
		if (signature !== '') this.#sign(signature, 'call')
	}

	/** In a stream, a text's signature mostly comes last, in a part with an empty text. */
	#sayText(text: string, signature: string): void {
		if (text.trim() !== '') this.#beginToSpeak()
		if (this.#inText) this.#textSignature = signature
		else if (signature !== '') this.#sign(signature, 'text')
		this.#say(text)
	}

	#call(call: Record<string, unknown>, signature: string): void {
		const { id, name, args } = call
		if (typeof name !== 'string' || name === '') {
			const detail = 'a function call without a name was left out'
			this.#blocks.note({ field: 'functionCall', action: 'dropped', detail })
			return
		}
		this.#beginToSpeak()
		this.#leaveText()
		if (signature !== '') this.#sign(signature, 'call')
		const key = this.#calls++
		// Anthropic's clients check ids against this pattern when they send them back.
		const known = typeof id === 'string' && /^[a-zA-Z0-9_-]+$/.test(id)
		this.#blocks.toolStart(
			key,
			known ? takeUnusedId(id, this.#context, this.#blocks) : this.#context.newToolId(),
			this.#context.toolNames.get(name) ?? name,
		)
		// Relays that think of OpenAI send a text; Google sends an object.
		this.#blocks.toolJson(key, typeof args === 'string' ? args : JSON.stringify(args ?? {}))
		this.#blocks.toolStop(key)
	}

	/** Before something other than text: what the text still owes goes first. */
	#leaveText(): void {
		this.#inText = false
		if (this.#textSignature === undefined) return
		this.#sign(this.#textSignature, 'text')
		this.#textSignature = undefined
	}

	#sign(signature: string, of: 'call' | 'text'): void {
		this.#blocks.signature(wrapSignature('gemini', writeSignature(signature, of)))
	}

	#leaveOut(): void {
		const detail = 'the model answered with a file, which a message cannot carry'
		this.#blocks.note({ field: 'inlineData', action: 'dropped', detail })
		this.#say(`[${detail}]`)
	}

	#readFeedback(feedback: Record<string, unknown>): void {
		const { blockReason, blockReasonMessage } = feedback
		if (!isReason(blockReason)) return
		this.#blockReason = blockReason
		if (typeof blockReasonMessage === 'string') this.#finishMessage = blockReasonMessage
	}

	#refuse(reason: string): void {
		const what = this.#blockReason === undefined ? 'this answer' : 'this prompt'
		if (!this.#spoke) this.#say(`Gemini blocked ${what} (${reason}). ${this.#finishMessage}`.trim())
		this.#blocks.finish('refusal')
	}

	/** Calls that are complete can run; anything less is worth another try. */
	#endBroken(reason: string): void {
		if (this.#calls === 0) {
			this.#failRetryably(`the upstream ended its answer with ${reason}. ${this.#finishMessage}`.trim())
			return
		}
		const detail = `the answer ended with ${reason} after complete tool calls`
		this.#blocks.note({ field: 'finishReason', action: 'replaced', detail })
		this.#blocks.finish('tool_use')
	}

	#failRetryably(message: string): void {
		this.#blocks.fail({ type: 'api_error', message })
	}

	/** An error object where an answer should be, in Google's shape or a relay's. */
	#fail(body: Record<string, unknown>): void {
		const error = isRecord(body.error) ? body.error : {}
		const code = asNumber(error.code)
		const status = code >= 400 && code < 600 ? code : 500
		const failure = readFailure({ status, headers: {}, body: JSON.stringify(body) })
		this.#blocks.fail({ type: typeOf(failure), message: failure.message }, { json: body, status })
	}
}

/** The type that tells the failure's class best: Gemini answers a wrong key with 400 and an empty account with 429. */
function typeOf({ class: kind, status }: UpstreamFailure): string {
	if (kind === 'auth') return 'authentication_error'
	if (kind === 'quota') return 'billing_error'
	return status === 503 ? 'overloaded_error' : errorTypeForStatus(status)
}
