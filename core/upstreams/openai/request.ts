import type { Note } from '../../messages/notes.ts'
import type { ConvertedRequest, ConvertInput } from '../contract.ts'
import { isOpenAi } from '../shared/hosts.ts'
import { describeModel } from '../shared/openai-models.ts'
import {
	createOpenAiToolNames,
	isFunctionTool,
	noteRenamedTools,
	refuseServerTools,
} from '../shared/openai-tools.ts'
import { openAiUrl, postJson } from '../shared/openai-urls.ts'
import { describeSchema, requestedSchema } from '../shared/output-schema.ts'
import { toCacheKey } from '../shared/parameters.ts'
import { refuseEmptyConversation, refuseThread } from '../shared/refusals.ts'
import { systemText } from '../shared/system.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { wantsReasoningContent } from './hosts.ts'
import { toMessages } from './messages.ts'
import { toChatSampling, toLimits } from './parameters.ts'
import { toReasoningEffort } from './reasoning.ts'
import { respectFacts } from './repair.ts'
import { toResponseFormat } from './response-format.ts'
import { toFunctionTools, toToolChoice } from './tools.ts'
import type { ChatMessage, ChatRequest, Dialect } from './wire.ts'

export function buildRequest(input: ConvertInput, dialect: Dialect): ConvertedRequest {
	const { request, target } = input
	refuseThread(request)
	const notes: Note[] = []
	refuseServerTools(request, isFunctionTool, notes)
	if (Array.isArray(request.mcp_servers) && request.mcp_servers.length > 0) {
		notes.push({ field: 'mcp_servers', action: 'dropped', detail: 'Chat Completions calls no MCP servers' })
	}
	const names = createOpenAiToolNames(request)
	const body = respectFacts(toChatRequest(input, dialect, names, notes), input.facts ?? [], notes)
	noteRenamedTools(names, notes)
	const url = openAiUrl(target.baseUrl, '/chat/completions')
	return { outgoing: postJson(url, target, input.stream, body), notes, toolNames: names.renamed }
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
		...toChatSampling(request, traits.reasons && effort !== 'none', notes),
		...(effort && { reasoning_effort: effort }),
		...(schema && dialect === 'openai' && { response_format: toResponseFormat(schema) }),
		...(cacheKey && { prompt_cache_key: cacheKey }),
		// Newer than tools: an old server that refuses stream_options is sent none from then on.
		...(stream && { stream: true, stream_options: { include_usage: true } }),
	}
}

function toConversation(
	input: ConvertInput,
	dialect: Dialect,
	names: ToolNames,
	notes: Note[],
): ChatMessage[] {
	const { request, model, target, facts = [] } = input
	const learned = facts.find(fact => fact.kind === 'reasoning-content')
	const messages = toMessages(request.messages, {
		dialect,
		reminderRole: dialect === 'openai' && isOpenAi(target.baseUrl) ? 'developer' : 'user',
		keepsReasoning: learned?.wanted ?? wantsReasoningContent(target.baseUrl, model),
		toolNames: names,
		notes,
	})
	refuseEmptyConversation(messages)
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
