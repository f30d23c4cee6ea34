import { z } from 'zod'
import { byKind, integer } from '../zod-branches.ts'
import { messages, oldMessages, textContent, toolName } from './message-schema.ts'

/**
 * What Chat Completions takes, as strictly as the API: unknown members are refused at every level.
 * Source: the request types of the `openai` package (resources/chat/completions) and
 * https://platform.openai.com/docs/api-reference/chat/create
 */

const parameters = z.record(z.string(), z.unknown())
const functionTool = z.strictObject({
	type: z.literal('function'),
	function: z.strictObject({
		name: toolName,
		description: z.string().optional(),
		parameters: parameters.optional(),
		strict: z.boolean().nullish(),
	}),
})
const customTool = z.strictObject({
	type: z.literal('custom'),
	custom: z.strictObject({
		name: toolName,
		description: z.string().optional(),
		format: z
			.discriminatedUnion('type', [
				z.strictObject({ type: z.literal('text') }),
				z.strictObject({
					type: z.literal('grammar'),
					grammar: z.strictObject({ definition: z.string(), syntax: z.enum(['lark', 'regex']) }),
				}),
			])
			.optional(),
	}),
})
const namedChoice = z.strictObject({
	type: z.literal('function'),
	function: z.strictObject({ name: z.string() }),
})
const toolChoice = byKind(
	{
		string: z.enum(['none', 'auto', 'required']),
		object: z.discriminatedUnion('type', [
			namedChoice,
			z.strictObject({ type: z.literal('custom'), custom: z.strictObject({ name: z.string() }) }),
			z.strictObject({
				type: z.literal('allowed_tools'),
				allowed_tools: z.strictObject({
					mode: z.enum(['auto', 'required']),
					tools: z.array(z.record(z.string(), z.unknown())),
				}),
			}),
		]),
	},
	"one of 'none', 'auto', 'required' or an object",
)

const penalty = z.number().min(-2).max(2).nullish()
const tokenCount = integer(z.int().min(1), 'an integer').nullish()

/** Members that Chat Completions had when tools came (November 2023) and every compatible server knows. */
const oldShape = {
	model: z.string(),
	frequency_penalty: penalty,
	presence_penalty: penalty,
	logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
	max_tokens: tokenCount,
	n: integer(z.int().min(1).max(128), 'an integer').nullish(),
	seed: integer(z.int(), 'an integer').nullish(),
	stop: byKind(
		{ string: z.string(), array: z.array(z.string()).min(1).max(4), null: z.null() },
		'one of a string or array of strings',
	).optional(),
	stream: z.boolean().nullish(),
	temperature: z.number().min(0).max(2).nullish(),
	top_p: z.number().min(0).max(1).nullish(),
	user: z.string().max(64).optional(),
}

export const oldRequestSchema = z.strictObject({
	...oldShape,
	messages: oldMessages,
	response_format: z.strictObject({ type: z.enum(['text', 'json_object']) }).optional(),
	tools: z
		.array(z.discriminatedUnion('type', [functionTool]))
		.min(1)
		.max(128)
		.optional(),
	tool_choice: byKind(
		{ string: z.enum(['none', 'auto']), object: namedChoice },
		"one of 'none', 'auto' or an object",
	).optional(),
	stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
})

export const requestSchema = z.strictObject({
	...oldShape,
	messages,
	audio: z
		.strictObject({ format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']), voice: z.any() })
		.nullish(),
	functions: z
		.array(
			z.strictObject({
				name: toolName,
				description: z.string().optional(),
				parameters: parameters.optional(),
			}),
		)
		.min(1)
		.max(128)
		.optional(),
	function_call: byKind(
		{ string: z.enum(['none', 'auto']), object: z.strictObject({ name: z.string() }) },
		"one of 'none', 'auto' or an object",
	).optional(),
	logprobs: z.boolean().nullish(),
	max_completion_tokens: tokenCount,
	metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
	modalities: z.array(z.enum(['text', 'audio'])).nullish(),
	moderation: z.strictObject({ model: z.string(), policy: z.any() }).nullish(),
	parallel_tool_calls: z.boolean().optional(),
	prediction: z.strictObject({ type: z.literal('content'), content: textContent }).nullish(),
	prompt_cache_key: z.string().max(64).nullish(),
	prompt_cache_options: z
		.strictObject({ mode: z.enum(['implicit', 'explicit']).optional(), ttl: z.literal('30m').optional() })
		.optional(),
	prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
	reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
	response_format: z
		.discriminatedUnion('type', [
			z.strictObject({ type: z.literal('text') }),
			z.strictObject({ type: z.literal('json_object') }),
			z.strictObject({
				type: z.literal('json_schema'),
				json_schema: z.strictObject({
					name: toolName,
					description: z.string().optional(),
					schema: parameters.optional(),
					strict: z.boolean().nullish(),
				}),
			}),
		])
		.optional(),
	safety_identifier: z.string().max(64).nullish(),
	service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
	store: z.boolean().nullish(),
	stream_options: z
		.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
		.nullish(),
	tools: z
		.array(z.discriminatedUnion('type', [functionTool, customTool]))
		.min(1)
		.max(128)
		.optional(),
	tool_choice: toolChoice.optional(),
	top_logprobs: integer(z.int().min(0).max(20), 'an integer').nullish(),
	verbosity: z.enum(['low', 'medium', 'high']).nullish(),
	web_search_options: z
		.strictObject({
			search_context_size: z.enum(['low', 'medium', 'high']).optional(),
			user_location: z
				.strictObject({
					type: z.literal('approximate'),
					approximate: z.strictObject({
						city: z.string().optional(),
						country: z.string().optional(),
						region: z.string().optional(),
						timezone: z.string().optional(),
					}),
				})
				.nullish(),
		})
		.optional(),
})

export type ChatRequest = z.infer<typeof requestSchema>
