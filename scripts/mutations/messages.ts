import { breakages, contract, type Mutation } from './mutation.ts'

const suite = ['core/messages']
const openai = contract('openai')

/** What every converting type writes its answers with. */
export const messageMutations: readonly Mutation[] = [
	...breakages('core/messages/message-block-writer.ts', suite, [
		['this.#index++', 'this.#index += 2', 'block indexes have gaps'],
		["this.#output.event({ type: 'error', error })", 'void error', 'a failure sends no error event'],
		["if (calls && (reason === 'end_turn'", "if (!calls && (reason === 'end_turn'", 'calls end the turn'],
		[
			"return !calls && reason === 'tool_use' ? 'end_turn' : reason",
			'return reason',
			'tool_use without a call',
		],
		[
			"if (isEmpty(call)) this.#output.jsonDelta(this.#index, '{}')",
			'',
			'a call without arguments sends no object',
		],
		[
			"if (open.kind === 'thinking' && !open.signed) this.#sign(unsignedThinking)",
			'',
			'thinking is not signed',
		],
		['return this.#visible || this.#awaitsToolFragments()', 'return false', 'thinking ends the message'],
		["id !== '' && !this.#toolIds.has(id) ? id", "id !== '' ? id", 'two calls share an id'],
		[
			'const mustWait = this.#awaitsToolFragments()',
			'const mustWait = false',
			'interleaved calls cut each other off',
		],
		['if (value === undefined || value === null) continue', '', 'a null wipes a token count'],
		['if (!this.finished) {', 'if (this.over) {', 'a cut-off answer ends as a success'],
		['!isWhole(call)\n\t\t\tif (cutOff', '!isWhole(call)\n\t\t\tif (!cutOff', 'half a call is sent', openai],
		[
			'if (!this.result.usageKnown) {',
			'if (this.over && this.result.usageKnown) {',
			'no estimate of the output',
		],
		['this.#stopSequence = stopSequence', '', 'the stop sequence is lost', openai],
		[
			"if (block.type === 'tool_use') this.result.toolCalls++",
			'',
			'a whole tool block does not count as a call',
		],
		["if (call.state === 'open') this.#closeBlock()", '', 'an open call is never closed'],
		[
			"if (delta === '' || this.over) return\n\t\tthis.#characters += delta.length\n\t\tif (this.#open?.kind !== 'text'",
			"if (this.over) return\n\t\tthis.#characters += delta.length\n\t\tif (this.#open?.kind !== 'text'",
			'an empty text opens a block',
		],
	]),
	...breakages('core/messages/tool-call.ts', suite, [
		["fragment.trim() === ''", "fragment === ''", 'blank arguments are no object', openai],
	]),
	...breakages('core/messages/sse-encoder.ts', openai, [
		['{"type":"thinking_delta","thinking":', '{"type":"text_delta","text":', 'thinking is sent as text'],
		['JSON.stringify(partialJson)', 'partialJson', 'arguments are not escaped'],
	]),
	...breakages('core/messages/sse-parser.ts', openai, [
		['decoder.decode(bytes, { stream: true })', 'new TextDecoder().decode(bytes)', 'torn characters break'],
		['if (!broken) parser.feed(`', 'if (!decoder) parser.feed(`', 'the last event needs a blank line', suite],
	]),
	...breakages('core/messages/accumulator.ts', openai, [
		[
			'!Array.isArray(input) ? input : { _raw: input }',
			'!Array.isArray(input) ? input : input',
			'a tool’s input may be a number',
			contract('responses'),
		],
		['return { _raw: json }', 'return json', 'broken arguments are a string'],
		[
			'[...(block.citations ?? []), delta.citation]',
			'[delta.citation]',
			'only the last citation stays',
			contract('responses'),
		],
	]),
	...breakages('core/messages/signatures.ts', contract('gemini'), [
		[
			'signature?.startsWith(start)',
			'signature?.startsWith(proxySignaturePrefix)',
			'signatures of other types are read',
		],
	]),
	...breakages('core/messages/errors.ts', openai, [
		["529: 'overloaded_error',", '', 'an overload loses its kind'],
	]),
	...breakages('core/messages/scan.ts', suite, [
		[
			'else if (keptBefore && previous)',
			'else if (previous)',
			'removing the first two elements leaves a comma',
		],
		['.toSorted((a, b) => a.start - b.start)', '', 'edits are applied in the order given'],
	]),
	...breakages('core/messages/token-estimate.ts', suite, [
		['meter.tokens += tokensPerImage', 'meter.tokens += 0', 'an image counts nothing'],
		[
			"if (source.type === 'text') return readContent(meter, source.data)",
			'',
			'a text document counts as a PDF',
		],
	]),
	...breakages('core/messages/request.ts', suite, [
		[
			"role: z.enum(['user', 'assistant', 'system'])",
			"role: z.enum(['user', 'assistant'])",
			'system messages are refused',
			contract('openai'),
		],
		[
			'z.union([z.record(z.string(), z.unknown()), z.string()])',
			'z.record(z.string(), z.unknown())',
			'a broken input bricks the session',
			contract('openai'),
		],
	]),
]
