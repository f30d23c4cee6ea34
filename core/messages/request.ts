import { z } from 'zod'

/**
 * The Messages API request as we read it: every object is loose, since clients send new fields monthly and a
 * field we do not know is no reason to refuse. Only what we read is checked, and wrong types are refused.
 * Source: https://docs.anthropic.com/en/api/messages and the request types of @anthropic-ai/sdk.
 */
const cacheControlSchema = z.looseObject({ type: z.string() }).nullish()

const textBlockSchema = z.looseObject({
	type: z.literal('text'),
	text: z.string(),
	cache_control: cacheControlSchema,
	citations: z.unknown().optional(),
})

const imageSourceSchema = z.discriminatedUnion('type', [
	z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
	z.looseObject({ type: z.literal('url'), url: z.string() }),
	z.looseObject({ type: z.literal('file'), file_id: z.string() }),
])

const imageBlockSchema = z.looseObject({ type: z.literal('image'), source: imageSourceSchema })

const documentSourceSchema = z.discriminatedUnion('type', [
	z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
	z.looseObject({ type: z.literal('text'), media_type: z.string().optional(), data: z.string() }),
	z.looseObject({
		type: z.literal('content'),
		content: z.union([
			z.string(),
			z.array(z.discriminatedUnion('type', [textBlockSchema, imageBlockSchema])),
		]),
	}),
	z.looseObject({ type: z.literal('url'), url: z.string() }),
	z.looseObject({ type: z.literal('file'), file_id: z.string() }),
])

const documentBlockSchema = z.looseObject({
	type: z.literal('document'),
	source: documentSourceSchema,
	title: z.string().nullish(),
	context: z.string().nullish(),
})

const searchResultBlockSchema = z.looseObject({
	type: z.literal('search_result'),
	source: z.string(),
	title: z.string(),
	content: z.array(textBlockSchema),
})

const toolReferenceBlockSchema = z.looseObject({ type: z.literal('tool_reference'), tool_name: z.string() })

const thinkingBlockSchema = z.looseObject({
	type: z.literal('thinking'),
	thinking: z.string(),
	signature: z.string().nullish(),
})

const redactedThinkingBlockSchema = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() })

const toolUseBlockSchema = z.looseObject({
	type: z.literal('tool_use'),
	id: z.string().min(1),
	name: z.string().min(1),
	// Clients replay what a broken model produced, a string included; the converters repair it.
	input: z.union([z.record(z.string(), z.unknown()), z.string()]).nullish(),
})

/** A block whose type this version does not read (server tools' blocks, next month's blocks). */
const otherBlockSchema = z.looseObject({ type: z.string() })

type Issues = Parameters<Parameters<typeof otherBlockSchema.superRefine>[0]>[1]

/** Checks a block by the schema of its own type, so that an error names the field and not the whole union. */
function blockOf<const Schemas extends Record<string, z.ZodType>>(schemas: Schemas) {
	const check = (block: { type: string }, issues: Issues) => {
		const schema = Object.hasOwn(schemas, block.type) ? schemas[block.type] : undefined
		const result = schema?.safeParse(block)
		if (!result || result.success) return
		for (const issue of result.error.issues) issues.addIssue({ ...issue } as never)
	}
	return otherBlockSchema.superRefine(check) as unknown as z.ZodType<z.infer<Schemas[keyof Schemas]>>
}

const toolResultPartSchema = blockOf({
	text: textBlockSchema,
	image: imageBlockSchema,
	document: documentBlockSchema,
	search_result: searchResultBlockSchema,
	tool_reference: toolReferenceBlockSchema,
})

const toolResultBlockSchema = z.looseObject({
	type: z.literal('tool_result'),
	tool_use_id: z.string().min(1),
	content: z.union([z.string(), z.array(toolResultPartSchema)]).nullish(),
	is_error: z.boolean().nullish(),
})

const contentBlockSchema = blockOf({
	text: textBlockSchema,
	image: imageBlockSchema,
	document: documentBlockSchema,
	search_result: searchResultBlockSchema,
	thinking: thinkingBlockSchema,
	redacted_thinking: redactedThinkingBlockSchema,
	tool_use: toolUseBlockSchema,
	tool_result: toolResultBlockSchema,
	tool_reference: toolReferenceBlockSchema,
})

/** A system message may say nothing and only carry settings (`output_config`); any other must have content. */
const fillSystemContent = (message: unknown): unknown =>
	typeof message === 'object' && message !== null && 'role' in message && message.role === 'system'
		? { content: [], ...message }
		: message

const messageSchema = z.preprocess(
	fillSystemContent,
	z.looseObject({
		role: z.enum(['user', 'assistant', 'system']),
		content: z.union([z.string(), z.array(contentBlockSchema)]),
	}),
)

const jsonObjectSchema = z.record(z.string(), z.unknown())

/** A tool as Anthropic's API takes it; server tools have a `type` and no `input_schema`. */
const toolSchema = z.looseObject({
	type: z.string().nullish(),
	name: z.string().min(1),
	description: z.string().nullish(),
	input_schema: jsonObjectSchema.nullish(),
})

/** A tool as OpenAI's API takes it; the original system's documentation shows requests with it. */
const functionToolSchema = z
	.looseObject({
		type: z.literal('function'),
		function: z.looseObject({
			name: z.string().min(1),
			description: z.string().nullish(),
			parameters: jsonObjectSchema.nullish(),
		}),
	})
	.transform(tool => toAnthropicTool(tool.function))

/** The same tool in Anthropic's shape. */
export function toAnthropicTool(fn: {
	name: string
	description?: string | null
	parameters?: unknown
}): Tool {
	const schema = (fn.parameters ?? { type: 'object', properties: {} }) as Record<string, unknown>
	return {
		name: fn.name,
		...(fn.description != null && { description: fn.description }),
		input_schema: schema,
	}
}

const isFunctionTool = (tool: unknown): boolean =>
	typeof tool === 'object' && tool !== null && 'function' in tool && !('name' in tool)

/** Toolsets (`mcp_toolset`) are server tools that have no name of their own: their type stands for it. */
const isToolset = (tool: unknown): tool is { type: string } =>
	typeof tool === 'object' &&
	tool !== null &&
	'type' in tool &&
	typeof tool.type === 'string' &&
	/toolset/.test(tool.type)

const anyToolSchema = z.unknown().transform((given, issues): Tool => {
	const tool = isToolset(given) ? { name: given.type, ...given } : given
	const result = isFunctionTool(tool) ? functionToolSchema.safeParse(tool) : toolSchema.safeParse(tool)
	if (result.success) return result.data as Tool
	for (const issue of result.error.issues) issues.addIssue({ ...issue } as never)
	return z.NEVER
})

const toolChoiceSchema = z.discriminatedUnion('type', [
	z.looseObject({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
	z.looseObject({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
	z.looseObject({
		type: z.literal('tool'),
		name: z.string().min(1),
		disable_parallel_tool_use: z.boolean().optional(),
	}),
	z.looseObject({ type: z.literal('none') }),
])

/** Open set: `enabled` (budget), `disabled`, `adaptive` today. */
const thinkingConfigSchema = z.looseObject({ type: z.string(), budget_tokens: z.number().int().nullish() })

const outputFormatSchema = z.looseObject({ type: z.string(), schema: jsonObjectSchema.optional() }).nullish()

const outputConfigSchema = z.looseObject({ effort: z.string().nullish(), format: outputFormatSchema })

/** What count_tokens takes: a message request without the fields that only matter for an answer. */
export const countTokensRequestSchema = z.looseObject({
	model: z.string().min(1),
	messages: z.array(messageSchema).min(1),
	system: z.union([z.string(), z.array(textBlockSchema)]).nullish(),
	tools: z.array(anyToolSchema).nullish(),
	tool_choice: toolChoiceSchema.nullish(),
	thinking: thinkingConfigSchema.nullish(),
	output_config: outputConfigSchema.nullish(),
})

const messageFieldsSchema = countTokensRequestSchema.extend({
	max_tokens: z.number().int().min(1),
	stream: z.boolean().nullish(),
	temperature: z.number().min(0).max(2).nullish(),
	top_p: z.number().min(0).max(1).nullish(),
	top_k: z.number().int().min(0).nullish(),
	stop_sequences: z.array(z.string()).nullish(),
	metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
	service_tier: z.string().nullish(),
	thread: z.unknown().optional(),
	output_format: outputFormatSchema,
})

/** `output_format` is the older name of `output_config.format`: the converters read one of them. */
export const messageRequestSchema = messageFieldsSchema.transform(request => {
	const { output_format: format, output_config: config } = request
	return format && !config?.format ? { ...request, output_config: { ...config, format } } : request
})

export type MessageRequest = z.infer<typeof messageRequestSchema>
export type CountTokensRequest = z.infer<typeof countTokensRequestSchema>
export type RequestMessage = z.infer<typeof messageSchema>
export type Tool = z.infer<typeof toolSchema>
export type TextBlock = z.infer<typeof textBlockSchema>
export type ImageBlock = z.infer<typeof imageBlockSchema>
export type DocumentBlock = z.infer<typeof documentBlockSchema>
export type SearchResultBlock = z.infer<typeof searchResultBlockSchema>
export type ToolUseBlock = z.infer<typeof toolUseBlockSchema>
export type ToolResultBlock = z.infer<typeof toolResultBlockSchema>
/** The block types this version reads. At run time a block may have any other `type`: treat `default` as unknown. */
export type ContentBlock = z.infer<typeof contentBlockSchema>
export type ToolResultPart = z.infer<typeof toolResultPartSchema>
