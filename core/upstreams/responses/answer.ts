import type { BlockWriter } from '../../messages/block-writer.ts'
import type { ResponseContext } from '../contract.ts'
import { takeUnusedId } from '../shared/call-ids.ts'
import { isRecord } from '../shared/failure.ts'
import { readOpenAiUsage } from '../shared/openai-usage.ts'
import { finishResponse } from './finish.ts'
import { type OutputItem, OutputItems, readText, toItemType } from './output-items.ts'
import { writeReasoningSignature } from './reasoning-signature.ts'
import { writeWebSearch } from './search-results.ts'

/** Parts of an item that come in pieces. */
export type Strand = 'text' | 'refusal' | 'summary' | 'reasoning' | 'arguments'

/**
 * Writes output items to the block writer, from a stream's events or from a whole response: both end in `finishItem`,
 * which adds what the pieces before it left out.
 */
export class Answer {
	readonly items = new OutputItems()
	readonly #blocks: BlockWriter
	readonly #context: ResponseContext
	#refused = false
	#searches = 0
	/** Without tools nothing is gained by reasoning that cannot be read: it would only surprise simple clients. */
	#plainChat = false
	/** What was written last; texts of two parts must not run into each other. */
	#last: { kind: 'text' | 'thinking'; part: string } | undefined

	constructor(blocks: BlockWriter, context: ResponseContext) {
		this.#blocks = blocks
		this.#context = context
	}

	/** The request as the upstream understood it, which every response repeats. */
	readEcho(response: unknown): void {
		if (!isRecord(response) || !Array.isArray(response.tools)) return
		const summary = isRecord(response.reasoning) ? response.reasoning.summary : undefined
		this.#plainChat = response.tools.length === 0 && !summary
	}

	append(item: OutputItem, strand: Strand, part: number, delta: string): void {
		if (delta === '' || item.done) return
		const name = `${strand}:${part}`
		const written = item.written.get(name) ?? 0
		item.written.set(name, written + delta.length)
		if (strand === 'arguments') return this.#writeArguments(item, delta)
		if (strand === 'text' || strand === 'refusal') {
			if (strand === 'refusal') this.#refused = true
			return this.#write('text', `${item.key}:${name}`, written === 0, delta)
		}
		item.shows ??= strand
		if (item.shows === strand) this.#write('thinking', `${item.key}:${name}`, written === 0, delta)
	}

	/** The whole of a part whose pieces may have come before. */
	complete(item: OutputItem, strand: Strand, part: number, whole: unknown): void {
		if (typeof whole !== 'string') return
		this.append(item, strand, part, whole.slice(item.written.get(`${strand}:${part}`) ?? 0))
	}

	startCall(item: OutputItem, raw: Record<string, unknown>): void {
		const name = readText(raw.name)
		if (item.called || name === '') return
		item.called = true
		this.#last = undefined
		const id = readText(raw.call_id) || readText(raw.id)
		const unused = takeUnusedId(id, this.#context, this.#blocks)
		this.#blocks.toolStart(item.key, unused, this.#context.toolNames.get(name) ?? name)
		this.#blocks.toolJson(item.key, item.early)
	}

	annotate(item: OutputItem, part: number, annotation: unknown): void {
		item.annotations.set(part, (item.annotations.get(part) ?? 0) + 1)
		// Citations belong to the text before them; elsewhere they would open an empty block.
		if (!isRecord(annotation) || typeof annotation.url !== 'string' || this.#last?.kind !== 'text') return
		this.#blocks.citation({
			type: 'web_search_result_location',
			url: annotation.url,
			title: typeof annotation.title === 'string' ? annotation.title : null,
			cited_text: '',
			encrypted_index: '',
		})
	}

	completePart(item: OutputItem, part: number, raw: unknown): void {
		if (!isRecord(raw)) return
		this.complete(item, 'text', part, raw.text)
		this.complete(item, 'refusal', part, raw.refusal)
		if (!Array.isArray(raw.annotations)) return
		for (const annotation of raw.annotations.slice(item.annotations.get(part) ?? 0)) {
			this.annotate(item, part, annotation)
		}
	}

	finishItem(item: OutputItem, raw: Record<string, unknown>): void {
		if (item.done) return
		if (item.type === 'message') {
			for (const [part, content] of readList(raw.content).entries()) this.completePart(item, part, content)
		} else if (item.type === 'reasoning') this.#finishReasoning(item, raw)
		else if (item.type === 'function_call') {
			this.startCall(item, raw)
			const { arguments: given } = raw
			this.complete(item, 'arguments', 0, isRecord(given) ? JSON.stringify(given) : given)
			this.#blocks.toolStop(item.key)
		} else this.#finishOther(raw)
		item.done = true
	}

	/** The response is over: its last items, its usage, its end. */
	finish(response: Record<string, unknown>): void {
		this.readEcho(response)
		const streamed = new Set(this.items.all.map(({ type }) => type))
		for (const raw of readList(response.output)) {
			// Ids may differ from those of the stream: an item is new only when the stream had none of its type.
			const item = streamed.has(toItemType(raw.type)) ? this.items.byId(raw) : this.items.added(raw)
			if (item) this.finishItem(item, raw)
		}
		for (const item of this.items.all) {
			if (item.type !== 'function_call' || item.called) continue
			this.#blocks.note({ field: 'output', action: 'dropped', detail: 'a tool call without a name' })
		}
		if (response.usage) this.#blocks.usage(readOpenAiUsage(response.usage))
		finishResponse(response, this.#refused, this.#blocks)
		this.#blocks.end()
	}

	#write(kind: 'text' | 'thinking', part: string, isFirst: boolean, delta: string): void {
		const gap = isFirst && this.#last?.kind === kind && this.#last.part !== part ? '\n\n' : ''
		this.#last = { kind, part }
		this.#blocks[kind](gap + delta)
	}

	#writeArguments(item: OutputItem, delta: string): void {
		if (item.called) this.#blocks.toolJson(item.key, delta)
		else item.early += delta
	}

	#finishReasoning(item: OutputItem, raw: Record<string, unknown>): void {
		for (const [part, summary] of readList(raw.summary).entries()) {
			this.complete(item, 'summary', part, summary.text)
		}
		for (const [part, content] of readList(raw.content).entries()) {
			this.complete(item, 'reasoning', part, content.text)
		}
		const id = readText(raw.id) || item.id
		const encrypted = readText(raw.encrypted_content)
		const isCarried = encrypted !== '' ? item.shows || !this.#plainChat : item.shows === 'reasoning'
		if (id === '' || !isCarried) return
		const carried = encrypted === '' ? { id } : { id, encrypted_content: encrypted }
		this.#blocks.signature(writeReasoningSignature(carried))
		this.#last = undefined
	}

	#finishOther(raw: Record<string, unknown>): void {
		if (raw.type === 'web_search_call') {
			const searched = writeWebSearch(raw, this.#blocks, this.#context.newToolId)
			if (!searched) return
			this.#last = undefined
			this.#searches++
			this.#blocks.usage({ server_tool_use: { web_search_requests: this.#searches } })
			return
		}
		const detail = `an item of type "${readText(raw.type).slice(0, 50)}" has no place in a message`
		this.#blocks.note({ field: 'output', action: 'dropped', detail })
	}
}

function readList(value: unknown): Record<string, unknown>[] {
	return Array.isArray(value) ? value.filter(isRecord) : []
}
