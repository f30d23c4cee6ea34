import { unwrapSignature, wrapSignature } from '../../messages/signatures.ts'

/** Where the parts of a tagged text go. */
export interface TagTarget {
	thinking(text: string): void
	/** The thinking is over; only called after some. */
	endThinking(tag: string): void
	text(text: string): void
}

const beginning = /^<(think|thinking|thought)>/
const beginnings = ['<think>', '<thinking>', '<thought>']

/**
 * Finds the thinking that servers without a parser for it leave at the very beginning of the text, between tags:
 * MiniMax, LM Studio, DeepSeek's and Qwen's models at many a host. Tags anywhere else are the model's words.
 * Source: https://platform.minimax.io/docs/guides/text-m2-function-call and RooCodeInc/Roo-Code#8989.
 */
export class TaggedText {
	/** Nothing more can be found: what follows is text. */
	isOver = false
	readonly #target: TagTarget
	#tag: string | undefined
	/** What may be the beginning of a tag, or blanks that nothing has followed yet. */
	#waiting = ''
	#thought = false

	constructor(target: TagTarget) {
		this.#target = target
	}

	push(text: string): void {
		this.#waiting += text
		if (this.#tag !== undefined) return this.#readThinking(this.#tag)
		const trimmed = this.#waiting.trimStart()
		const [found, tag] = beginning.exec(trimmed) ?? []
		if (tag !== undefined && found !== undefined) {
			this.#tag = tag
			this.#waiting = trimmed.slice(found.length)
			this.#readThinking(tag)
		} else if (!beginnings.some(one => one.startsWith(trimmed))) this.flush()
	}

	/** Something else follows: what waits is passed on as what it is so far. */
	flush(): void {
		if (this.isOver) return
		this.isOver = true
		if (this.#tag === undefined) this.#target.text(this.#waiting)
		else this.#think(this.#waiting)
	}

	#readThinking(tag: string): void {
		const closing = `</${tag}>`
		const end = this.#waiting.indexOf(closing)
		if (end === -1) {
			const at = this.#waiting.lastIndexOf('<')
			const kept = at !== -1 && closing.startsWith(this.#waiting.slice(at)) ? at : this.#waiting.length
			const text = this.#waiting.slice(0, kept)
			if (!this.#thought && text.trim() === '') return
			this.#waiting = this.#waiting.slice(kept)
			return this.#think(text)
		}
		this.#think(this.#waiting.slice(0, end))
		if (this.#thought) this.#target.endThinking(tag)
		this.isOver = true
		this.#target.text(this.#waiting.slice(end + closing.length).trimStart())
	}

	/** Qwen's models send tags with nothing but blanks between them where they do not think. */
	#think(text: string): void {
		if (!this.#thought && text.trim() === '') return
		this.#thought = true
		this.#target.thinking(text)
	}
}

/** Tells the next turn that the thinking stood in the text of this model, which wants to find it there again. */
export function writeTagSignature(tag: string, model: string): string {
	return wrapSignature('openai', `${tag}:${model}`)
}

/** The thinking as it stood in the text; empty for thinking of any other kind or model. */
export function restoreTags(thinking: string, signature: string | null | undefined, model: string): string {
	const payload = unwrapSignature('openai', signature)
	const tag = beginnings.map(one => one.slice(1, -1)).find(one => payload === `${one}:${model}`)
	return tag === undefined ? '' : `<${tag}>${thinking}</${tag}>\n\n`
}
