import type { ReasoningEffort } from '../shared/reasoning-effort.ts'

/**
 * What we send of a Responses request, and nothing else: an allow-list.
 * Source: https://platform.openai.com/docs/api-reference/responses/create; a test holds it to the types of the
 * `openai` package.
 */
export type InputPart =
	| { type: 'input_text'; text: string }
	| { type: 'input_image'; image_url: string; detail: 'auto' }
	| { type: 'input_file'; filename: string; file_data: string }
	| { type: 'input_file'; file_url: string }

export type InputMessage =
	| { type: 'message'; role: 'user' | 'developer' | 'system'; content: InputPart[] }
	/** A phase says whether calls followed the text: newer models want to be told. */
	| { type: 'message'; role: 'assistant'; content: string; phase?: 'commentary' | 'final_answer' }

export interface ReasoningItem {
	type: 'reasoning'
	id: string
	summary: { type: 'summary_text'; text: string }[]
	content?: { type: 'reasoning_text'; text: string }[]
	encrypted_content?: string
}

export interface WebSearchCall {
	type: 'web_search_call'
	id: string
	status: 'completed' | 'failed'
	action: { type: 'search'; query: string }
}

export type InputItem =
	| InputMessage
	| ReasoningItem
	| WebSearchCall
	| { type: 'function_call'; call_id: string; name: string; arguments: string }
	| { type: 'function_call_output'; call_id: string; output: string | InputPart[] }

export interface FunctionTool {
	type: 'function'
	name: string
	description?: string
	parameters: Record<string, unknown>
	strict: boolean
}

export interface WebSearchTool {
	type: 'web_search'
	filters?: { allowed_domains: string[] }
	user_location?: { type: 'approximate'; city?: string; region?: string; country?: string; timezone?: string }
}

export type ToolChoiceOption =
	| 'auto'
	| 'none'
	| 'required'
	| { type: 'function'; name: string }
	| { type: 'web_search' }

export interface ResponsesRequest {
	model: string
	instructions?: string
	input: InputItem[]
	tools?: (FunctionTool | WebSearchTool)[]
	tool_choice?: ToolChoiceOption
	parallel_tool_calls?: boolean
	max_tool_calls?: number
	max_output_tokens: number
	temperature?: number
	top_p?: number
	reasoning?: { effort?: ReasoningEffort; summary?: 'auto' }
	text?: {
		format: { type: 'json_schema'; name: string; schema: Record<string, unknown>; strict: boolean }
	}
	include?: ('reasoning.encrypted_content' | 'web_search_call.action.sources')[]
	prompt_cache_key?: string
	store: false
	stream?: true
}
