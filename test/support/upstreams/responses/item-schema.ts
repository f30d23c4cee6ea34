import { z } from 'zod'
import { toolName } from '../openai/message-schema.ts'
import { byKind } from '../zod-branches.ts'

/** Input items of requests. Source: the `ResponseInputItem` types of the `openai` package. */

const cacheBreakpoint = z.strictObject({
	mode: z.literal('explicit'),
	ttl: z.enum(['30m', '12h']).optional(),
})
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish()
const itemId = z.string().max(64)
const callId = z.string().min(1).max(64)

const inputText = z.strictObject({
	type: z.literal('input_text'),
	text: z.string(),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const inputImage = z.strictObject({
	type: z.literal('input_image'),
	detail: z.enum(['low', 'high', 'auto', 'original']).optional(),
	image_url: z.string().nullish(),
	file_id: z.string().nullish(),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const inputFile = z.strictObject({
	type: z.literal('input_file'),
	filename: z.string().optional(),
	file_data: z.string().optional(),
	file_id: z.string().nullish(),
	file_url: z.string().optional(),
	detail: z.enum(['auto', 'low', 'high']).optional(),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const inputParts = z.array(z.discriminatedUnion('type', [inputText, inputImage, inputFile]))
const outputParts = z.array(
	z.discriminatedUnion('type', [
		z.strictObject({
			type: z.literal('output_text'),
			text: z.string(),
			annotations: z.array(z.record(z.string(), z.unknown())).optional(),
			logprobs: z.array(z.unknown()).optional(),
		}),
		z.strictObject({ type: z.literal('refusal'), refusal: z.string() }),
	]),
)

const textOr = (parts: z.ZodType) =>
	byKind({ string: z.string(), array: parts }, 'one of an array of objects or string')

const inputMessage = z.strictObject({
	type: z.literal('message').optional(),
	role: z.enum(['user', 'system', 'developer']),
	content: textOr(inputParts),
	status,
})
const assistantMessage = z.strictObject({
	type: z.literal('message').optional(),
	role: z.literal('assistant'),
	content: textOr(outputParts),
	id: itemId.optional(),
	status,
	phase: z.enum(['commentary', 'final_answer']).nullish(),
})
const message = z.discriminatedUnion('role', [inputMessage, assistantMessage])

const typedItem = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('function_call'),
		call_id: callId,
		name: toolName,
		arguments: z.string(),
		id: itemId.regex(/^fc/).optional(),
		status,
	}),
	z.strictObject({
		type: z.literal('function_call_output'),
		call_id: callId,
		output: textOr(inputParts),
		id: itemId.nullish(),
		status,
	}),
	z.strictObject({
		type: z.literal('reasoning'),
		id: itemId.regex(/^rs_/),
		summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
		content: z.array(z.strictObject({ type: z.literal('reasoning_text'), text: z.string() })).optional(),
		encrypted_content: z.string().nullish(),
		status,
	}),
	z.strictObject({
		type: z.literal('web_search_call'),
		id: itemId.regex(/^ws_/),
		status: z.enum(['in_progress', 'searching', 'completed', 'failed', 'incomplete']),
		action: z.discriminatedUnion('type', [
			z.strictObject({
				type: z.literal('search'),
				query: z.string().optional(),
				queries: z.array(z.string()).optional(),
				sources: z.array(z.strictObject({ type: z.literal('url'), url: z.string() })).optional(),
			}),
			z.strictObject({ type: z.literal('open_page'), url: z.string().nullish() }),
			z.strictObject({ type: z.literal('find_in_page'), url: z.string(), pattern: z.string() }),
		]),
	}),
])

/** Messages may leave their type out; every other item is told by it. */
const item = z.any().superRefine((value, context) => {
	const kind = value as { type?: unknown; role?: unknown } | null
	const isMessage = typeof kind === 'object' && kind !== null && (kind.type ?? 'message') === 'message'
	const result = (isMessage ? message : typedItem).safeParse(value, { reportInput: true })
	for (const issue of result.error?.issues ?? []) context.addIssue({ ...issue, input: issue.input } as never)
})

export const inputItems = z.array(item)

export type InputPart = z.infer<typeof inputParts>[number]
export type InputItem = z.infer<typeof message> | z.infer<typeof typedItem>
