import { z } from 'zod'
import { toolName } from '../openai/message-schema.ts'
import { byKind, integer } from '../zod-branches.ts'
import { inputItems } from './item-schema.ts'

/**
 * What the Responses API takes of what a proxy could send, as strictly as the API: unknown members are refused at
 * every level. Source: the request types of the `openai` package (resources/responses) and
 * https://platform.openai.com/docs/api-reference/responses/create
 */

const functionTool = z.strictObject({
	type: z.literal('function'),
	name: toolName,
	description: z.string().nullish(),
	parameters: z.record(z.string(), z.unknown()).nullable(),
	strict: z.boolean().nullish(),
	defer_loading: z.boolean().optional(),
})
const place = z.string().nullish()
const webSearchTool = z.strictObject({
	type: z.enum(['web_search', 'web_search_2025_08_26']),
	external_web_access: z.boolean().optional(),
	filters: z.strictObject({ allowed_domains: z.array(z.string()).max(100).nullish() }).nullish(),
	search_context_size: z.enum(['low', 'medium', 'high']).optional(),
	user_location: z
		.strictObject({
			type: z.literal('approximate').optional(),
			city: place,
			country: z.string().length(2).nullish(),
			region: place,
			timezone: place,
		})
		.nullish(),
})
const codeTool = z.strictObject({ type: z.literal('code_interpreter'), container: z.any() })

const toolChoice = byKind(
	{
		string: z.enum(['none', 'auto', 'required']),
		object: z.discriminatedUnion('type', [
			z.strictObject({ type: z.literal('function'), name: z.string() }),
			z.strictObject({ type: z.enum(['web_search', 'code_interpreter']) }),
			z.strictObject({
				type: z.literal('allowed_tools'),
				mode: z.enum(['auto', 'required']),
				tools: z.array(z.record(z.string(), z.unknown())),
			}),
		]),
	},
	"one of 'none', 'auto', 'required' or an object",
)

const textFormat = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('text') }),
	z.strictObject({ type: z.literal('json_object') }),
	z.strictObject({
		type: z.literal('json_schema'),
		name: toolName,
		description: z.string().optional(),
		schema: z.record(z.string(), z.unknown()),
		strict: z.boolean().nullish(),
	}),
])

export const requestSchema = z.strictObject({
	model: z.string(),
	input: byKind({ string: z.string(), array: inputItems }, 'one of a string or array of objects'),
	instructions: z.string().nullish(),
	background: z.boolean().nullish(),
	include: z
		.array(
			z.enum([
				'file_search_call.results',
				'web_search_call.results',
				'web_search_call.action.sources',
				'message.input_image.image_url',
				'computer_call_output.output.image_url',
				'code_interpreter_call.outputs',
				'reasoning.encrypted_content',
				'message.output_text.logprobs',
			]),
		)
		.nullish(),
	max_output_tokens: integer(z.int().min(16), 'an integer').nullish(),
	max_tool_calls: integer(z.int().min(1), 'an integer').nullish(),
	metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
	parallel_tool_calls: z.boolean().nullish(),
	previous_response_id: z.string().nullish(),
	prompt_cache_key: z.string().max(64).nullish(),
	prompt_cache_retention: z.enum(['in_memory', '24h']).nullish(),
	reasoning: z
		.strictObject({
			context: z.enum(['auto', 'current_turn', 'all_turns']).nullish(),
			effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
			generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
			mode: z.string().optional(),
			summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
		})
		.nullish(),
	safety_identifier: z.string().max(128).nullish(),
	service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']).nullish(),
	store: z.boolean().nullish(),
	stream: z.boolean().nullish(),
	stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
	temperature: z.number().min(0).max(2).nullish(),
	text: z
		.strictObject({
			format: textFormat.optional(),
			verbosity: z.enum(['low', 'medium', 'high']).nullish(),
		})
		.optional(),
	tool_choice: toolChoice.optional(),
	tools: z
		.array(z.discriminatedUnion('type', [functionTool, webSearchTool, codeTool]))
		.max(128)
		.optional(),
	top_logprobs: integer(z.int().min(0).max(20), 'an integer').nullish(),
	top_p: z.number().min(0).max(1).nullish(),
	truncation: z.enum(['auto', 'disabled']).nullish(),
	user: z.string().optional(),
})

export type ResponsesRequest = z.infer<typeof requestSchema>
