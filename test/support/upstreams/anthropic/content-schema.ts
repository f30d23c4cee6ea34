import { z } from 'zod'
import { byKind, integer, present } from '../zod-branches.ts'

/** Content blocks of requests. Source: the `…BlockParam` types of `@anthropic-ai/sdk`. */
export const cacheControl = z.strictObject({
	type: z.literal('ephemeral'),
	ttl: z.enum(['5m', '1h']).optional(),
})
export const wholeNumber = (range: z.ZodType<number> = z.int()) =>
	integer(range, 'Input should be a valid integer')
const cached = { cache_control: cacheControl.nullish() }

const toolId = z.string().regex(/^[a-zA-Z0-9_-]+$/)
const base64 = z.string().regex(/^[A-Za-z0-9+/\s]+={0,2}\s*$/)
const title = z.string().nullable()
const caller = z
	.discriminatedUnion('type', [
		z.strictObject({ type: z.literal('direct') }),
		z.strictObject({ type: z.literal('code_execution_20250825'), tool_id: z.string() }),
		z.strictObject({ type: z.literal('code_execution_20260120'), tool_id: z.string() }),
	])
	.optional()

const documentPlace = { cited_text: z.string(), document_index: wholeNumber(), document_title: title }
const citation = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('char_location'),
		...documentPlace,
		start_char_index: wholeNumber(),
		end_char_index: wholeNumber(),
	}),
	z.strictObject({
		type: z.literal('page_location'),
		...documentPlace,
		start_page_number: wholeNumber(),
		end_page_number: wholeNumber(),
	}),
	z.strictObject({
		type: z.literal('content_block_location'),
		...documentPlace,
		start_block_index: wholeNumber(),
		end_block_index: wholeNumber(),
	}),
	z.strictObject({
		type: z.literal('web_search_result_location'),
		cited_text: z.string(),
		encrypted_index: z.string(),
		title,
		url: z.string(),
	}),
	z.strictObject({
		type: z.literal('search_result_location'),
		cited_text: z.string(),
		search_result_index: wholeNumber(),
		source: z.string(),
		title,
		start_block_index: wholeNumber(),
		end_block_index: wholeNumber(),
	}),
])

export const textBlock = z.strictObject({
	type: z.literal('text'),
	text: z.string(),
	citations: z.array(citation).nullish(),
	...cached,
})

const urlSource = z.strictObject({ type: z.literal('url'), url: z.string() })
const fileSource = z.strictObject({ type: z.literal('file'), file_id: z.string() })
const imageBlock = z.strictObject({
	type: z.literal('image'),
	source: z.discriminatedUnion('type', [
		z.strictObject({
			type: z.literal('base64'),
			media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
			data: base64,
		}),
		urlSource,
		fileSource,
	]),
	transformations: z.strictObject({ oversized_image: z.enum(['downsize', 'error']).optional() }).nullish(),
	...cached,
})

const citationsSwitch = z.strictObject({ enabled: z.boolean().optional() }).nullish()
const documentBlock = z.strictObject({
	type: z.literal('document'),
	source: z.discriminatedUnion('type', [
		z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: base64 }),
		z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
		z.strictObject({
			type: z.literal('content'),
			content: byKind(
				{ string: z.string(), array: z.array(z.discriminatedUnion('type', [textBlock, imageBlock])) },
				'Input should be a valid list',
			),
		}),
		urlSource,
		fileSource,
	]),
	citations: citationsSwitch,
	context: z.string().nullish(),
	title: z.string().nullish(),
	...cached,
})

const searchResultBlock = z.strictObject({
	type: z.literal('search_result'),
	source: z.string(),
	title: z.string(),
	content: z.array(textBlock),
	citations: citationsSwitch,
	...cached,
})

const toolReferenceBlock = z.strictObject({
	type: z.literal('tool_reference'),
	tool_name: z.string(),
	...cached,
})

const toolResultBlock = z.strictObject({
	type: z.literal('tool_result'),
	tool_use_id: toolId,
	content: byKind(
		{
			string: z.string(),
			array: z.array(
				z.discriminatedUnion('type', [
					textBlock,
					imageBlock,
					documentBlock,
					searchResultBlock,
					toolReferenceBlock,
				]),
			),
		},
		'Input should be a valid list',
	).optional(),
	is_error: z.boolean().optional(),
	toolset_name: z.string().nullish(),
	...cached,
})

const toolUseBlock = z.strictObject({
	type: z.literal('tool_use'),
	id: toolId,
	name: z.string().min(1).max(200),
	input: z.record(z.string(), z.unknown()),
	caller,
	toolset_name: z.string().nullish(),
	...cached,
})

const serverToolUseBlock = z.strictObject({
	type: z.literal('server_tool_use'),
	id: z.string().regex(/^srvtoolu_[a-zA-Z0-9_]+$/),
	name: z.enum([
		'web_search',
		'web_fetch',
		'code_execution',
		'bash_code_execution',
		'text_editor_code_execution',
		'tool_search_tool_regex',
		'tool_search_tool_bm25',
	]),
	input: z.record(z.string(), z.unknown()),
	caller,
	...cached,
})

const webSearchResult = z.strictObject({
	type: z.literal('web_search_result'),
	encrypted_content: z.string(),
	title: z.string(),
	url: z.string(),
	page_age: z.string().nullish(),
})
const webSearchResultBlock = z.strictObject({
	type: z.literal('web_search_tool_result'),
	tool_use_id: z.string().regex(/^srvtoolu_[a-zA-Z0-9_]+$/),
	content: byKind(
		{
			array: z.array(webSearchResult),
			object: z.strictObject({ type: z.literal('web_search_tool_result_error'), error_code: z.string() }),
		},
		'Input should be a valid list',
	),
	caller,
	...cached,
})

/** Results of the other server tools: their outside is checked, their content is the server's own. */
const otherServerResult = (type: string) =>
	z.strictObject({ type: z.literal(type), tool_use_id: z.string(), content: present, caller, ...cached })

export const contentBlock = z.discriminatedUnion('type', [
	textBlock,
	imageBlock,
	documentBlock,
	searchResultBlock,
	z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
	z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
	toolUseBlock,
	toolResultBlock,
	serverToolUseBlock,
	webSearchResultBlock,
	otherServerResult('web_fetch_tool_result'),
	otherServerResult('code_execution_tool_result'),
	otherServerResult('bash_code_execution_tool_result'),
	otherServerResult('text_editor_code_execution_tool_result'),
	otherServerResult('tool_search_tool_result'),
	z.strictObject({ type: z.literal('container_upload'), file_id: z.string(), ...cached }),
])
