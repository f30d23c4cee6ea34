import { z } from 'zod'
import { byKind } from '../zod-branches.ts'
import { cacheControl, contentBlock, textBlock, wholeNumber } from './content-schema.ts'
import { tool } from './tool-schema.ts'

/**
 * What the Messages API takes, beta members included (rules.ts asks for their headers). Source: the request types of
 * `@anthropic-ai/sdk` (resources/messages, resources/beta/messages) and https://docs.anthropic.com/en/api/messages
 */
const effort = z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish()
const displays = z.enum(['summarized', 'omitted', 'updates']).nullish()
const jsonFormat = z.strictObject({
	type: z.literal('json_schema'),
	schema: z.record(z.string(), z.unknown()),
})

const message = z.strictObject({
	role: z.enum(['user', 'assistant', 'system']),
	content: byKind({ string: z.string(), array: z.array(contentBlock) }, 'Input should be a valid list'),
	output_config: z.strictObject({ effort }).nullish(),
	clear_at: z.enum(['next_user_message', 'never']).nullish(),
})

const thinking = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('enabled'),
		budget_tokens: wholeNumber(z.int().min(1024)),
		display: displays,
	}),
	z.strictObject({ type: z.literal('adaptive'), display: displays, block_binding: z.any().optional() }),
	z.strictObject({ type: z.literal('between_tools') }),
	z.strictObject({ type: z.literal('disabled') }),
])

const parallel = { disable_parallel_tool_use: z.boolean().optional() }
const toolChoice = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('auto'), ...parallel }),
	z.strictObject({ type: z.literal('any'), ...parallel }),
	z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
	z.strictObject({ type: z.literal('none') }),
])

const edit = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('clear_thinking_20251015'),
		keep: byKind(
			{
				string: z.literal('all'),
				object: z.strictObject({ type: z.string(), value: wholeNumber().optional() }),
			},
			"Input should be 'all'",
		).optional(),
	}),
	z.strictObject({
		type: z.literal('clear_tool_uses_20250919'),
		clear_at_least: z.any().optional(),
		clear_tool_inputs: z.any().optional(),
		exclude_tools: z.array(z.string()).nullish(),
		keep: z.any().optional(),
		trigger: z.any().optional(),
	}),
	z.strictObject({
		type: z.literal('compact_20260112'),
		instructions: z.string().nullish(),
		pause_after_compaction: z.boolean().optional(),
		trigger: z.any().optional(),
	}),
])

const sharedShape = {
	model: z.string().min(1),
	messages: z.array(message),
	system: byKind(
		{ string: z.string(), array: z.array(textBlock) },
		'Input should be a valid list',
	).optional(),
	tool_choice: toolChoice.optional(),
	thinking: thinking.optional(),
	output_config: z
		.strictObject({
			effort,
			format: jsonFormat.nullish(),
			task_budget: z
				.strictObject({ type: z.literal('tokens'), total: wholeNumber(), remaining: wholeNumber().nullish() })
				.nullish(),
		})
		.optional(),
	output_format: jsonFormat.nullish(),
	cache_control: cacheControl.nullish(),
	context_management: z.strictObject({ edits: z.array(edit).optional() }).nullish(),
	mcp_servers: z.array(z.record(z.string(), z.unknown())).optional(),
	speed: z.enum(['standard', 'fast']).nullish(),
	user_profile_id: z.string().optional(),
	workspace_id: z.string().optional(),
}

export const countTokensSchema = z.strictObject({ ...sharedShape, tools: z.array(tool).optional() })

export const messagesSchema = z.strictObject({
	...sharedShape,
	max_tokens: wholeNumber(z.int().min(1)),
	tools: z.array(tool).optional(),
	container: byKind(
		{ string: z.string(), null: z.null(), object: z.record(z.string(), z.unknown()) },
		'Input should be a valid string',
	).optional(),
	diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).nullish(),
	inference_geo: z.string().nullish(),
	metadata: z.strictObject({ user_id: z.string().max(512).nullish() }).optional(),
	service_tier: z.enum(['auto', 'standard_only']).optional(),
	stop_sequences: z.array(z.string()).optional(),
	stream: z.boolean().optional(),
	temperature: z.number().min(0).max(1).optional(),
	thread: z.looseObject({ type: z.enum(['create', 'continue']) }).nullish(),
	top_k: wholeNumber(z.int().min(0)).optional(),
	top_p: z.number().min(0).max(1).optional(),
})

/** A block as the rules read it. */
export interface Block {
	type: string
	text?: string
	id?: string
	name?: string
	tool_use_id?: string
	thinking?: string
	signature?: string
	data?: string
	cache_control?: { type: string; ttl?: string } | null
	content?: string | Block[]
	source?: { type: string; media_type?: string; data?: string; url?: string }
}

/** The request as the rules read it, after the schema let it pass. */
export interface MessagesRequest {
	model: string
	messages: {
		role: 'user' | 'assistant' | 'system'
		content: string | Block[]
		output_config?: object | null
		clear_at?: string | null
	}[]
	max_tokens?: number
	system?: string | Block[]
	tools?: {
		type?: string | null
		name?: string
		input_schema?: Record<string, unknown>
		cache_control?: Block['cache_control']
	}[]
	tool_choice?: { type: string; name?: string }
	thinking?: { type: string; budget_tokens?: number; display?: string | null }
	output_config?: { effort?: string | null; format?: object | null; task_budget?: object | null }
	cache_control?: Block['cache_control']
	context_management?: object | null
	mcp_servers?: unknown[]
	output_format?: object | null
	stop_sequences?: string[]
	stream?: boolean
	temperature?: number
	thread?: { type: string } | null
	top_k?: number
	top_p?: number
}
