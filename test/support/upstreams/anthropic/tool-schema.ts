import { z } from 'zod'
import { cacheControl, wholeNumber } from './content-schema.ts'

/** Tools of requests. Source: the `ToolUnion` type of `@anthropic-ai/sdk`. */
const shared = {
	allowed_callers: z
		.array(
			z.enum(['direct', 'code_execution_20250825', 'code_execution_20260120', 'code_execution_20260521']),
		)
		.optional(),
	cache_control: cacheControl.nullish(),
	defer_loading: z.boolean().optional(),
	strict: z.boolean().optional(),
}
const examples = { input_examples: z.array(z.record(z.string(), z.unknown())).optional() }

const customTool = z.strictObject({
	type: z.literal('custom').nullish(),
	name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
	description: z.string().optional(),
	input_schema: z.looseObject({ type: z.literal('object') }),
	eager_input_streaming: z.boolean().nullish(),
	...examples,
	...shared,
})

const domains = {
	allowed_domains: z.array(z.string()).nullish(),
	blocked_domains: z.array(z.string()).nullish(),
	max_uses: wholeNumber(z.int().min(1)).nullish(),
}
const userLocation = z
	.strictObject({
		type: z.literal('approximate'),
		city: z.string().nullish(),
		country: z.string().nullish(),
		region: z.string().nullish(),
		timezone: z.string().nullish(),
	})
	.nullish()

function serverTool(name: string, types: readonly string[], extra: z.ZodRawShape = {}) {
	return z.strictObject({
		type: z.enum(types as [string, ...string[]]),
		name: z.literal(name),
		...extra,
		...shared,
	})
}

const webFetch = {
	...domains,
	citations: z.strictObject({ enabled: z.boolean().optional() }).nullish(),
	max_content_tokens: wholeNumber().nullish(),
	url_sources: z.any().optional(),
	use_cache: z.boolean().optional(),
}

const serverTools = [
	serverTool('web_search', ['web_search_20250305', 'web_search_20260209', 'web_search_20260318'], {
		...domains,
		user_location: userLocation,
	}),
	serverTool(
		'web_fetch',
		['web_fetch_20250910', 'web_fetch_20260209', 'web_fetch_20260309', 'web_fetch_20260318'],
		webFetch,
	),
	serverTool('bash', ['bash_20250124'], examples),
	serverTool('str_replace_editor', ['text_editor_20250124'], examples),
	serverTool('str_replace_based_edit_tool', ['text_editor_20250429', 'text_editor_20250728'], {
		...examples,
		max_characters: wholeNumber().nullish(),
	}),
	serverTool('code_execution', [
		'code_execution_20250522',
		'code_execution_20250825',
		'code_execution_20260120',
		'code_execution_20260521',
	]),
	serverTool('memory', ['memory_20250818'], examples),
	serverTool('tool_search_tool_bm25', ['tool_search_tool_bm25_20251119', 'tool_search_tool_bm25']),
	serverTool('tool_search_tool_regex', ['tool_search_tool_regex_20251119', 'tool_search_tool_regex']),
] as const

/** A tool without a type is a custom one, so the union cannot be left to the discriminator alone. */
export const tool = z.discriminatedUnion('type', [customTool, ...serverTools])
