/** The request as the rules read it, after `readMessage` let it pass. */
export interface GeminiPart {
	text?: string
	thought?: boolean
	thoughtSignature?: string
	inlineData?: { mimeType?: string; data?: string }
	fileData?: { mimeType?: string; fileUri?: string }
	functionCall?: { id?: string; name?: string; args?: unknown }
	functionResponse?: { id?: string; name?: string; response?: unknown }
	executableCode?: unknown
	codeExecutionResult?: unknown
	toolCall?: unknown
	toolResponse?: unknown
}

export interface GeminiContent {
	role?: string
	parts?: GeminiPart[]
}

export interface GeminiSchema {
	type?: string
	format?: string
	enum?: string[]
	items?: GeminiSchema
	properties?: Record<string, GeminiSchema>
	required?: string[]
	anyOf?: GeminiSchema[]
}

export interface GeminiTool {
	functionDeclarations?: {
		name?: string
		parameters?: GeminiSchema
		parametersJsonSchema?: unknown
		response?: GeminiSchema
		responseJsonSchema?: unknown
	}[]
	[builtIn: string]: unknown
}

export interface GeminiRequest {
	model?: string
	contents?: GeminiContent[]
	systemInstruction?: GeminiContent
	tools?: GeminiTool[]
	toolConfig?: {
		functionCallingConfig?: { mode?: string; allowedFunctionNames?: string[] }
		includeServerSideToolInvocations?: boolean
	}
	generationConfig?: {
		candidateCount?: number
		stopSequences?: string[]
		maxOutputTokens?: number
		temperature?: number
		topP?: number
		topK?: number
		responseMimeType?: string
		responseSchema?: GeminiSchema
		responseJsonSchema?: unknown
		thinkingConfig?: { includeThoughts?: boolean; thinkingBudget?: number; thinkingLevel?: string }
	}
}
