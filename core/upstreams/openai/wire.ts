/**
 * What we send of a Chat Completions request, and nothing else: an allow-list.
 * Source: https://platform.openai.com/docs/api-reference/chat/create; a test holds it to the types of the `openai` package.
 */
import type { ReasoningEffort } from '../shared/reasoning-effort.ts'
import type { EncryptedDetail, ExtraContent } from './thought-signature.ts'

/** `openai`: as OpenAI documents it today. `openaiold`: as servers know it that learned tools and little since. */
export type Dialect = 'openai' | 'openaiold'

export type TextPart = { type: 'text'; text: string }
export type ImagePart = { type: 'image_url'; image_url: { url: string } }
export type FilePart = { type: 'file'; file: { filename: string; file_data: string } }
export type ContentPart = TextPart | ImagePart | FilePart

export interface ToolCall {
	id: string
	type: 'function'
	function: { name: string; arguments: string }
	/** No field of OpenAI's: Gemini wants its thought signatures back in it. */
	extra_content?: ExtraContent
}

export interface AssistantMessage {
	role: 'assistant'
	content: string | null
	/** No field of OpenAI's: DeepSeek, Moonshot and others want their reasoning back in it. */
	reasoning_content?: string
	/** No field of OpenAI's: OpenRouter wants Gemini's thought signatures back in it. */
	reasoning_details?: EncryptedDetail[]
	tool_calls?: ToolCall[]
}

export type ChatMessage =
	| { role: 'system' | 'developer'; content: string }
	| { role: 'user'; content: string | ContentPart[] }
	| { role: 'tool'; tool_call_id: string; content: string }
	| AssistantMessage

export interface FunctionTool {
	type: 'function'
	function: { name: string; description?: string; parameters: Record<string, unknown>; strict?: true }
}

export type ToolChoiceOption = 'auto' | 'none' | 'required' | { type: 'function'; function: { name: string } }

export interface ResponseFormat {
	type: 'json_schema'
	json_schema: { name: string; schema: Record<string, unknown>; strict?: boolean }
}

export interface ChatRequest {
	model: string
	messages: ChatMessage[]
	max_completion_tokens?: number
	max_tokens?: number
	temperature?: number
	top_p?: number
	stop?: string[]
	reasoning_effort?: ReasoningEffort
	response_format?: ResponseFormat
	tools?: FunctionTool[]
	tool_choice?: ToolChoiceOption
	parallel_tool_calls?: boolean
	prompt_cache_key?: string
	stream?: true
	stream_options?: { include_usage: true }
}
