/**
 * The part of Gemini's v1beta wire format that this proxy writes.
 * Source: https://ai.google.dev/api/generate-content and the types of @google/genai.
 */
export interface Part {
	text?: string
	inlineData?: { mimeType: string; data: string }
	fileData?: { mimeType?: string; fileUri: string }
	functionCall?: { id?: string; name: string; args: Record<string, unknown> }
	functionResponse?: { id?: string; name: string; response: Record<string, unknown> }
	thoughtSignature?: string
}

export interface Content {
	role: 'user' | 'model'
	parts: Part[]
}

export type SchemaType = 'STRING' | 'NUMBER' | 'INTEGER' | 'BOOLEAN' | 'ARRAY' | 'OBJECT'

/** https://ai.google.dev/api/caching#Schema: a subset of OpenAPI 3.0; counts are int64, thus strings in JSON. */
export interface Schema {
	type?: SchemaType
	format?: string
	description?: string
	nullable?: boolean
	enum?: string[]
	properties?: Record<string, Schema>
	required?: string[]
	items?: Schema
	anyOf?: Schema[]
	minItems?: string
	maxItems?: string
	minLength?: string
	maxLength?: string
	minimum?: number
	maximum?: number
}

export interface FunctionDeclaration {
	name: string
	description?: string
	parameters?: Schema
	parametersJsonSchema?: Record<string, unknown>
}

export interface GeminiTool {
	functionDeclarations?: FunctionDeclaration[]
	googleSearch?: Record<string, never>
	urlContext?: Record<string, never>
	codeExecution?: Record<string, never>
}

export interface ToolConfig {
	functionCallingConfig: { mode: 'AUTO' | 'ANY' | 'NONE'; allowedFunctionNames?: string[] }
}

export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH'

export interface ThinkingConfig {
	includeThoughts?: boolean
	thinkingBudget?: number
	thinkingLevel?: ThinkingLevel
}

export interface GenerationConfig {
	maxOutputTokens?: number
	temperature?: number
	topP?: number
	topK?: number
	stopSequences?: string[]
	thinkingConfig?: ThinkingConfig
	responseMimeType?: 'application/json'
	responseSchema?: Schema
	responseJsonSchema?: Record<string, unknown>
}

export interface GenerateContentRequest {
	contents: Content[]
	systemInstruction?: { parts: Part[] }
	tools?: GeminiTool[]
	toolConfig?: ToolConfig
	generationConfig?: GenerationConfig
}
