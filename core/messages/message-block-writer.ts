import type { BlockWriter, BlockWriterOptions, FailureSource, ToolKey } from './block-writer.ts'
import type {
	BlockDelta,
	Citation,
	ErrorBody,
	EventOutput,
	OutputBlock,
	StopReason,
	Usage,
} from './events.ts'
import type { Note } from './notes.ts'
import { unsignedThinking } from './signatures.ts'
import { isEmpty, isWhole, type ToolCall } from './tool-call.ts'

type OpenBlock =
	| { kind: 'text' }
	| { kind: 'thinking'; signed: boolean }
	| { kind: 'tool_use'; call: ToolCall }

type Held = { kind: 'text' | 'thinking' | 'signature'; value: string }

/** Rough characters per token, for answers whose upstream reports no usage. */
const charactersPerToken = 3.5

/** See BlockWriter: the state behind it. */
export class MessageBlockWriter implements BlockWriter {
	hasContent = false
	over = false
	finished = false
	failure: ErrorBody['error'] | undefined
	failureSource: FailureSource | undefined
	readonly notes: Note[] = []
	readonly result: BlockWriter['result']

	readonly #output: EventOutput
	readonly #options: BlockWriterOptions
	readonly #tools = new Map<ToolKey, ToolCall>()
	readonly #toolIds = new Set<string>()
	/** What came at a moment when it could not be sent: see `#mustHold`. */
	#held: Held[] = []
	#started = false
	#index = -1
	#open: OpenBlock | undefined
	/** Text or a tool call has been sent: thinking after it must wait for more of them. */
	#visible = false
	#characters = 0
	/** Blanks that wait for a text: alone they are none. Anthropic refuses a history with a block of them. */
	#blanks = ''
	#stopSequence: string | null = null

	constructor(output: EventOutput, options: BlockWriterOptions) {
		this.#output = output
		this.#options = options
		const usage: Usage = { input_tokens: options.inputTokens, output_tokens: 0 }
		this.result = { stopReason: undefined, usage, usageKnown: false, toolCalls: 0 }
	}

	start(): void {
		if (this.#started || this.over) return
		this.#started = true
		const { messageId: id, model } = this.#options
		const usage = { ...this.result.usage }
		this.#output.event({
			type: 'message_start',
			message: {
				id,
				type: 'message',
				role: 'assistant',
				model,
				content: [],
				stop_reason: null,
				stop_sequence: null,
				usage,
			},
		})
	}

	text(delta: string): void {
		if (delta === '' || this.over) return
		this.#characters += delta.length
		if (this.#open?.kind !== 'text' || this.#held.length > 0) return this.#beginText(this.#blanks + delta)
		this.#output.textDelta(this.#index, delta)
	}

	citation(citation: Citation): void {
		if (this.over || this.#awaitsToolFragments()) return
		if (this.#open?.kind !== 'text') this.#openBlock({ kind: 'text' }, { type: 'text', text: '' })
		this.#visible = true
		this.#delta({ type: 'citations_delta', citation })
	}

	thinking(delta: string): void {
		if (delta === '' || this.over) return
		this.#characters += delta.length
		if (this.#open?.kind !== 'thinking') {
			if (this.#mustHoldThinking()) return this.#hold('thinking', delta)
			this.#openThinking()
		}
		this.#output.thinkingDelta(this.#index, delta)
	}

	signature(signature: string): void {
		if (signature === '' || this.over) return
		if (this.#open?.kind !== 'thinking') {
			if (this.#mustHoldThinking()) return this.#hold('signature', signature)
			this.#openThinking()
		}
		this.#sign(signature)
		this.#closeBlock()
	}

	redactedThinking(data: string): void {
		if (this.over) return
		this.block({ type: 'redacted_thinking', data })
	}

	toolStart(key: ToolKey, id: string, name: string): void {
		if (this.over || this.#tools.has(key)) return
		const unique = id !== '' && !this.#toolIds.has(id) ? id : this.#options.newToolId()
		if (id !== '' && unique !== id) {
			this.note({ field: 'tool_calls.id', action: 'repaired', detail: 'two tool calls had the same id' })
		}
		this.#toolIds.add(unique)
		const call: ToolCall = { id: unique, name, fragments: [], state: 'queued' }
		// Another call may still be waiting for fragments: then this one waits, and is sent in its turn.
		const mustWait = this.#awaitsToolFragments()
		this.#tools.set(key, call)
		this.hasContent = true
		if (!mustWait) this.#openTool(call)
	}

	toolJson(key: ToolKey, fragment: string): void {
		const call = this.#tools.get(key)
		if (fragment === '' || this.over || !call) return
		if (call.state === 'closed') {
			const detail = 'arguments that came after the call was complete were dropped'
			return this.note({ field: `tool_use.${call.name}`, action: 'dropped', detail })
		}
		this.#characters += fragment.length
		call.fragments.push(fragment)
		if (call.state === 'open') this.#output.jsonDelta(this.#index, fragment)
	}

	toolStop(key: ToolKey): void {
		const call = this.#tools.get(key)
		if (this.over || call?.state !== 'open') return
		this.#closeBlock()
		for (const next of this.#tools.values()) {
			if (next.state === 'queued') return this.#openTool(next)
		}
	}

	block(block: OutputBlock): void {
		if (this.over) return
		this.#flushTools()
		this.#releaseHeld()
		this.#openBlock(undefined, block)
		this.#output.event({ type: 'content_block_stop', index: this.#index })
		if (block.type === 'tool_use') this.result.toolCalls++
		if (block.type !== 'redacted_thinking' && block.type !== 'thinking') this.#visible = true
	}

	usage(usage: Partial<Usage>): void {
		const known: Record<string, unknown> = this.result.usage as Usage & Record<string, unknown>
		// Some upstreams count with every event: no list of entries is made.
		for (const name in usage) {
			const value = usage[name as keyof Usage]
			if (value === undefined || value === null) continue
			known[name] = value
			if (name === 'output_tokens') this.result.usageKnown = true
		}
	}

	finish(reason: StopReason, stopSequence: string | null = null): void {
		this.finished = true
		this.result.stopReason = reason
		this.#stopSequence = stopSequence
	}

	note(note: Note): void {
		this.notes.push(note)
	}

	end(): void {
		if (this.over) return
		if (!this.finished) {
			return this.fail({ type: 'api_error', message: 'the upstream ended its answer before it was complete' })
		}
		this.start()
		this.#flushTools()
		this.#releaseHeldAtEnd()
		this.#closeBlock()
		this.over = true
		if (!this.result.usageKnown) {
			this.result.usage.output_tokens = Math.ceil(this.#characters / charactersPerToken)
		}
		const reason = this.#stopReason()
		this.result.stopReason = reason
		const stop_sequence = reason === 'stop_sequence' ? this.#stopSequence : null
		const delta = { stop_reason: reason, stop_sequence }
		this.#output.event({ type: 'message_delta', delta, usage: { ...this.result.usage } })
		this.#output.event({ type: 'message_stop' })
	}

	fail(error: ErrorBody['error'], source?: FailureSource): void {
		if (this.over) return
		this.#closeBlock()
		this.over = true
		this.failure = error
		this.failureSource = source
		this.#output.event({ type: 'error', error })
	}

	/** Upstreams say `stop` after tool calls and `tool_calls` without any; clients act on the blocks. */
	#stopReason(): StopReason {
		const reason = this.result.stopReason ?? 'end_turn'
		const calls = this.result.toolCalls > 0
		if (calls && (reason === 'end_turn' || reason === 'stop_sequence')) return 'tool_use'
		return !calls && reason === 'tool_use' ? 'end_turn' : reason
	}

	#beginText(text: string): void {
		this.#blanks = text.trim() === '' ? text : ''
		if (this.#blanks !== '') return
		if (this.#awaitsToolFragments()) return this.#hold('text', text)
		this.#releaseHeld()
		if (this.#openKind() !== 'text') this.#openBlock({ kind: 'text' }, { type: 'text', text: '' })
		this.#visible = true
		this.#output.textDelta(this.#index, text)
	}

	#openBlock(open: OpenBlock | undefined, contentBlock: OutputBlock): void {
		this.#closeBlock()
		this.start()
		this.#blanks = ''
		this.hasContent = true
		this.#index++
		this.#open = open
		this.#output.event({ type: 'content_block_start', index: this.#index, content_block: contentBlock })
	}

	#openKind(): OpenBlock['kind'] | undefined {
		return this.#open?.kind
	}

	#closeBlock(): void {
		const open = this.#open
		if (!open) return
		if (open.kind === 'thinking' && !open.signed) this.#sign(unsignedThinking)
		if (open.kind === 'tool_use') this.#completeTool(open.call)
		this.#open = undefined
		this.#output.event({ type: 'content_block_stop', index: this.#index })
	}

	#delta(delta: BlockDelta): void {
		this.#output.event({ type: 'content_block_delta', index: this.#index, delta })
	}

	#openThinking(): void {
		this.#releaseHeld()
		this.#openBlock({ kind: 'thinking', signed: false }, { type: 'thinking', thinking: '', signature: '' })
	}

	#sign(signature: string): void {
		if (this.#open?.kind !== 'thinking') return
		this.#open.signed = true
		this.#delta({ type: 'signature_delta', signature })
	}

	#openTool(call: ToolCall): void {
		this.#releaseHeld()
		const { id, name } = call
		this.#openBlock({ kind: 'tool_use', call }, { type: 'tool_use', id, name, input: {} })
		call.state = 'open'
		this.#visible = true
		this.result.toolCalls++
		for (const fragment of call.fragments) this.#output.jsonDelta(this.#index, fragment)
	}

	#completeTool(call: ToolCall): void {
		call.state = 'closed'
		// A call without arguments: clients that parse what was streamed need an object, not an empty string.
		if (isEmpty(call)) this.#output.jsonDelta(this.#index, '{}')
	}

	/** Whether an open or waiting call's arguments are not whole yet. When all are, the calls are sent and closed. */
	#awaitsToolFragments(): boolean {
		if (this.#open?.kind !== 'tool_use') return false
		for (const call of this.#tools.values()) {
			if (call.state !== 'closed' && !isWhole(call)) return true
		}
		this.#flushTools()
		return false
	}

	/** Closes the open call and sends the waiting ones, in order. */
	#flushTools(): void {
		for (const call of this.#tools.values()) {
			if (call.state === 'open') this.#closeBlock()
			if (call.state !== 'queued') continue
			const cutOff = this.finished && this.result.stopReason === 'max_tokens' && !isWhole(call)
			if (cutOff && call.fragments.length > 0) {
				call.state = 'closed'
				const detail = 'a tool call was cut off by the token limit'
				this.note({ field: `tool_use.${call.name}`, action: 'dropped', detail })
				continue
			}
			this.#openTool(call)
			this.#closeBlock()
		}
	}

	/** Thinking after the last text makes `claude -p` print nothing, so it waits until more text or a call follows. */
	#mustHoldThinking(): boolean {
		return this.#visible || this.#awaitsToolFragments()
	}

	#hold(kind: Held['kind'], value: string): void {
		this.hasContent = true
		const last = this.#held.at(-1)
		if (last?.kind === kind && kind !== 'signature') last.value += value
		else this.#held.push({ kind, value })
	}

	#releaseHeld(): void {
		if (this.#held.length === 0) return
		const held = this.#held
		this.#held = []
		this.#visible = false
		for (const { kind, value } of held) {
			// It was counted when it came.
			if (kind !== 'signature') this.#characters -= value.length
			this[kind](value)
		}
	}

	/** At the end, text that waited for tool calls is sent; thinking that nothing follows is not. */
	#releaseHeldAtEnd(): void {
		while (this.#held.length > 0 && this.#held.at(-1)?.kind !== 'text') {
			const { kind } = this.#held.pop() as Held
			const detail = `${kind} after the last content block was dropped: clients take it for an empty answer`
			this.note({ field: 'content', action: 'dropped', detail })
		}
		this.#releaseHeld()
	}
}
