import { refuse } from './errors.ts'
import { traitsOf } from './models.ts'
import type { Block, MessagesRequest } from './schema.ts'

/** What the schema cannot say: rules between members, and rules of the model. Each throws the API's own refusal. */
export function checkModelRules(body: MessagesRequest): void {
	const traits = traitsOf(body.model)
	if (body.max_tokens !== undefined && body.max_tokens > traits.maxOutput) {
		throw refuse(
			`max_tokens: ${body.max_tokens} > ${traits.maxOutput}, which is the maximum allowed number of output tokens for ${body.model}`,
		)
	}
	if (!traits.sampling) {
		for (const name of ['temperature', 'top_p', 'top_k'] as const) {
			if (body[name] !== undefined && !(name !== 'top_k' && body[name] === 1)) {
				throw refuse(`\`${name}\` is deprecated for this model.`)
			}
		}
	}
	const newSampling = !traits.thinking.includes('adaptive') && traits.thinking.length > 1
	if (newSampling && body.temperature !== undefined && body.top_p !== undefined) {
		throw refuse('`temperature` and `top_p` cannot both be specified for this model. Please use only one.')
	}
	if (!traits.prefill && body.messages.at(-1)?.role === 'assistant') {
		throw refuse(
			'This model does not support assistant message prefill. The conversation must end with a user message.',
		)
	}
	checkThinking(body, traits.thinking)
}

/** https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
function checkThinking(body: MessagesRequest, ways: readonly string[]): void {
	const { thinking } = body
	if (!thinking || thinking.type === 'disabled') return
	if (!ways.includes(thinking.type)) {
		if (thinking.type === 'enabled' && ways.includes('adaptive')) {
			throw refuse(
				'"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
			)
		}
		throw refuse(
			`${thinking.type === 'adaptive' ? 'adaptive thinking' : `thinking.type.${thinking.type}`} is not supported on this model`,
		)
	}
	if (
		thinking.budget_tokens !== undefined &&
		body.max_tokens !== undefined &&
		body.max_tokens <= thinking.budget_tokens
	) {
		throw refuse(
			'`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size',
		)
	}
	if (thinking.type === 'enabled') {
		if (body.temperature !== undefined && body.temperature !== 1) {
			throw refuse('`temperature` may only be set to 1 when thinking is enabled.')
		}
		if (body.top_k !== undefined) throw refuse('`top_k` must be unset when thinking is enabled.')
		if (body.top_p !== undefined && body.top_p < 0.95) {
			throw refuse('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.')
		}
	}
	if (body.tool_choice?.type === 'any' || body.tool_choice?.type === 'tool') {
		throw refuse('Thinking may not be enabled when tool_choice forces tool use.')
	}
}

/** https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview */
export function checkTools(body: MessagesRequest): void {
	const tools = body.tools ?? []
	const names = tools.map(({ name }) => name ?? '')
	if (new Set(names).size < names.length) throw refuse('tools: Tool names must be unique.')
	for (const [index, { type, input_schema: schema }] of tools.entries()) {
		if (schema === undefined) continue
		const path = `tools.${index}.${type ?? 'custom'}.input_schema`
		const banned = ['oneOf', 'allOf', 'anyOf'].find(keyword => keyword in schema)
		if (banned) throw refuse(`${path}: input_schema does not support oneOf, allOf, or anyOf at the top level`)
		const keys = Object.keys((schema.properties ?? {}) as object)
		if (keys.some(key => !/^[a-zA-Z0-9_.-]{1,64}$/.test(key))) {
			throw refuse(`${path}.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`)
		}
		if (schema.required !== undefined && !Array.isArray(schema.required)) {
			throw refuse(
				`${path}: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12). Learn more about tool use at https://docs.claude.com/en/docs/tool-use.`,
			)
		}
	}
	const choice = body.tool_choice
	if (!choice) return
	if (tools.length === 0 && choice.type !== 'none') {
		throw refuse('tool_choice: tool_choice may only be specified while providing tools.')
	}
	if (choice.type === 'tool' && !names.includes(choice.name ?? '')) {
		throw refuse(`tool_choice.tool.name: Tool '${choice.name}' not found in provided tools`)
	}
}

/** https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching: four marks, longer lives first. */
export function checkCacheControl(body: MessagesRequest): void {
	const marks: { path: string; ttl: string }[] = []
	const collect = (blocks: readonly Pick<Block, 'cache_control' | 'content'>[], path: string) => {
		for (const [index, block] of blocks.entries()) {
			const here = `${path}.${index}`
			if (Array.isArray(block.content)) collect(block.content, `${here}.content`)
			if (block.cache_control) marks.push({ path: here, ttl: block.cache_control.ttl ?? '5m' })
		}
	}
	collect(body.tools ?? [], 'tools')
	if (Array.isArray(body.system)) collect(body.system, 'system')
	for (const [index, { content }] of body.messages.entries()) {
		if (Array.isArray(content)) collect(content, `messages.${index}.content`)
	}
	const found = marks.length + (body.cache_control ? 1 : 0)
	if (found > 4) throw refuse(`A maximum of 4 blocks with cache_control may be provided. Found ${found}.`)
	const firstShort = marks.findIndex(({ ttl }) => ttl === '5m')
	const lateLong = marks.find(({ ttl }, place) => ttl === '1h' && firstShort >= 0 && place > firstShort)
	if (lateLong) {
		throw refuse(
			`${lateLong.path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`,
		)
	}
}

export function checkStopSequences(body: MessagesRequest): void {
	if (body.stop_sequences?.some(sequence => sequence.trim() === '')) {
		throw refuse('stop_sequences: each stop sequence must contain non-whitespace')
	}
}
