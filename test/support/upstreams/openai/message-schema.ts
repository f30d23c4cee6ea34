import { z } from 'zod'
import { byKind } from '../zod-branches.ts'

/** Messages of requests. Source: the `ChatCompletionMessageParam` types of the `openai` package. */

/** https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools: names of functions. */
export const toolName = z
	.string()
	.max(64)
	.regex(/^[a-zA-Z0-9_-]+$/)
const callId = z.string().min(1).max(40)
const participantName = z
	.string()
	.min(1)
	.max(64)
	.regex(/^[^\s<|\\/>]+$/)
const cacheBreakpoint = z.strictObject({
	mode: z.literal('explicit'),
	ttl: z.enum(['30m', '12h']).optional(),
})

const textPart = z.strictObject({
	type: z.literal('text'),
	text: z.string(),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const imagePart = z.strictObject({
	type: z.literal('image_url'),
	image_url: z.strictObject({
		url: z.string(),
		detail: z.enum(['auto', 'low', 'high', 'original']).optional(),
	}),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const audioPart = z.strictObject({
	type: z.literal('input_audio'),
	input_audio: z.strictObject({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const filePart = z.strictObject({
	type: z.literal('file'),
	file: z.strictObject({
		file_data: z.string().optional(),
		file_id: z.string().optional(),
		filename: z.string().optional(),
	}),
	prompt_cache_breakpoint: cacheBreakpoint.optional(),
})
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() })

const textParts = z.array(z.discriminatedUnion('type', [textPart])).min(1)
export const textContent = byKind(
	{ string: z.string(), array: textParts },
	'one of a string or array of objects',
)

const functionCall = z.strictObject({
	id: callId,
	type: z.literal('function'),
	function: z.strictObject({ name: toolName, arguments: z.string() }),
})
const customCall = z.strictObject({
	id: callId,
	type: z.literal('custom'),
	custom: z.strictObject({ name: toolName, input: z.string() }),
})

const systemMessage = z.strictObject({
	role: z.literal('system'),
	content: textContent,
	name: participantName.optional(),
})
const developerMessage = z.strictObject({ ...systemMessage.shape, role: z.literal('developer') })
const toolMessage = z.strictObject({ role: z.literal('tool'), content: textContent, tool_call_id: callId })
const functionMessage = z.strictObject({
	role: z.literal('function'),
	name: toolName,
	content: byKind({ string: z.string(), null: z.null() }, 'a string or null'),
})

const assistantShape = {
	role: z.literal('assistant'),
	content: byKind(
		{
			string: z.string(),
			null: z.null(),
			array: z.array(z.discriminatedUnion('type', [textPart, refusalPart])).min(1),
		},
		'one of a string or array of objects',
	).optional(),
	name: participantName.optional(),
	tool_calls: z
		.array(z.discriminatedUnion('type', [functionCall, customCall]))
		.min(1)
		.max(128)
		.optional(),
	function_call: z.strictObject({ name: toolName, arguments: z.string() }).nullish(),
}
const assistantMessage = z.strictObject({
	...assistantShape,
	refusal: z.string().nullish(),
	audio: z.strictObject({ id: z.string() }).nullish(),
})

const userMessage = (parts: z.ZodType) =>
	z.strictObject({
		role: z.literal('user'),
		content: byKind(
			{ string: z.string(), array: z.array(parts).min(1) },
			'one of a string or array of objects',
		),
		name: participantName.optional(),
	})

export const oldMessages = z
	.array(
		z.discriminatedUnion('role', [
			systemMessage,
			userMessage(z.discriminatedUnion('type', [textPart, imagePart])),
			z.strictObject(assistantShape),
			toolMessage,
		]),
	)
	.min(1)

export const messages = z
	.array(
		z.discriminatedUnion('role', [
			developerMessage,
			systemMessage,
			userMessage(z.discriminatedUnion('type', [textPart, imagePart, audioPart, filePart])),
			assistantMessage,
			toolMessage,
			functionMessage,
		]),
	)
	.min(1)
