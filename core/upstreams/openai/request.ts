import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import { type ConvertedRequest, type ConvertInput, RequestRefused } from '../contract.ts'
import { createToolNames, type ToolNames } from '../shared/tool-names.ts'
import { isOpenAi, wantsReasoningContent } from './hosts.ts'
import { toMessages } from './messages.ts'
import { describeModel } from './models.ts'
import { toCacheKey, toLimits, toSampling } from './parameters.ts'
import { toReasoningEffort } from './reasoning.ts'
import { describeSchema, requestedSchema, toResponseFormat } from './response-format.ts'
import { systemText } from './system.ts'
import { refuseServerTools, toFunctionTools, toolNameRules, toToolChoice } from './tools.ts'
import { chatCompletionsUrl } from './url.ts'
import type { ChatMessage, ChatRequest, Dialect } from './wire.ts'

export function buildRequest(input: ConvertInput, dialect: Dialect): ConvertedRequest {
	const { request, target } = input
	refuseThread(request)
	const notes: Note[] = []
	refuseServerTools(request, notes)
	if (Array.isArray(request.mcp_servers) && request.mcp_servers.length > 0) {
		notes.push({ field: 'mcp_servers', action: 'dropped', detail: 'Chat Completions calls no MCP servers' })
	}
	const names = createToolNames(request.tools?.map(tool => tool.name) ?? [], toolNameRules)
	const body = toChatRequest(input, dialect, names, notes)
	for (const name of names.renamed.values()) {
		notes.push({ field: 'tools', action: 'renamed', detail: `tool name "${name}" is not allowed upstream` })
	}
	const headers = {
		'content-type': 'application/json',
		accept: input.stream ? 'text/event-stream' : 'application/json',
		...target.extraHeaders,
	}
	const url = chatCompletionsUrl(target.baseUrl)
	return {
		outgoing: { method: 'POST', url, headers, body: JSON.stringify(body) },
		notes,
		toolNames: names.renamed,
	}
}

function toChatRequest(input: ConvertInput, dialect: Dialect, names: ToolNames, notes: Note[]): ChatRequest {
	const { request, model, target, stream } = input
	const tools = toFunctionTools(request.tools ?? [], names)
	const traits = describeModel(model, target.baseUrl)
	const effort =
		dialect === 'openai' ? toReasoningEffort(request, traits, tools.length > 0, notes) : undefined
	const schema = requestedSchema(request)
	const toolChoice =
		tools.length > 0 ? toToolChoice(request.tool_choice, tools, { dialect, names, notes }) : undefined
	const single = request.tool_choice?.disable_parallel_tool_use === true
	// Its imitators refuse prompt_cache_key; `user` gives the upstream nothing that it needs.
	const cacheKey = dialect === 'openai' && isOpenAi(target.baseUrl) ? toCacheKey(request) : undefined
	return {
		model,
		messages: toConversation(input, dialect, names, notes),
		...(tools.length > 0 && { tools }),
		...(toolChoice && { tool_choice: toolChoice }),
		...(tools.length > 0 && single && dialect === 'openai' && { parallel_tool_calls: false }),
		...toLimits(request, dialect, traits, notes),
		...toSampling(request, traits, effort, notes),
		...(effort && { reasoning_effort: effort }),
		...(schema && dialect === 'openai' && { response_format: toResponseFormat(schema) }),
		...(cacheKey && { prompt_cache_key: cacheKey }),
		...(stream && { stream: true }),
		// Newer than tools: older servers refuse it, and their streams' tokens are estimated.
		...(stream && dialect === 'openai' && { stream_options: { include_usage: true } }),
	}
}

function toConversation(
	input: ConvertInput,
	dialect: Dialect,
	names: ToolNames,
	notes: Note[],
): ChatMessage[] {
	const { request, model, target } = input
	const messages = toMessages(request.messages, {
		dialect,
		reminderRole: dialect === 'openai' && isOpenAi(target.baseUrl) ? 'developer' : 'user',
		keepsReasoning: wantsReasoningContent(target.baseUrl, model),
		toolNames: names,
		notes,
	})
	if (messages.length === 0)
		throw new RequestRefused('messages', 'no message has any content: send at least one text')
	const system = [systemText(request.system)]
	const schema = dialect === 'openaiold' ? requestedSchema(request) : undefined
	if (schema) {
		system.push(describeSchema(schema))
		const detail =
			'this upstream type knows no structured output: the model is asked for it in the system prompt'
		notes.push({ field: 'output_config.format', action: 'replaced', detail })
	}
	const text = system.filter(part => part !== '').join('\n\n')
	return text === '' ? messages : [{ role: 'system', content: text }, ...messages]
}

/** Threads keep history at the server. The SDK goes on without them when it gets exactly this error code. */
function refuseThread(request: MessageRequest): void {
	if (request.thread == null) return
	throw new RequestRefused('thread', 'this upstream keeps no message threads: send the whole conversation', {
		error_code: 'thread_unsupported_request',
		unsupported: [],
	})
}
