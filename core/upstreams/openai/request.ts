import type { Note } from '../../messages/notes.ts'
import type { ConvertedRequest, ConvertInput } from '../contract.ts'
import { noteDroppedFields } from '../shared/dropped-fields.ts'
import { hostOf, isAzure, isOpenAi } from '../shared/hosts.ts'
import { ownTools } from '../shared/kept-tools.ts'
import { describeModel, type ModelTraits } from '../shared/openai-models.ts'
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
import { isGemini, isMoonshot, wantsOldLimit, wantsReasoningContent } from './hosts.ts'
import { toMessages } from './messages.ts'
import { toChatSampling, toLimits } from './parameters.ts'
import { toReasoningEffort } from './reasoning.ts'
import { respectFacts } from './repair.ts'
import { toResponseFormat } from './response-format.ts'
import { type ToolOptions, toFunctionTools, toParallelCalls, toToolChoice } from './tools.ts'
import type { ChatMessage, ChatRequest, Dialect } from './wire.ts'

export function buildRequest(input: ConvertInput, dialect: Dialect): ConvertedRequest {
	const { request, target } = input
	refuseThread(request)
	const notes: Note[] = []
	refuseServerTools(request, isFunctionTool, notes)
	noteDroppedFields(request, notes)
	const names = createOpenAiToolNames(request, isMoonshot(target.baseUrl, input.model))
	const body = respectFacts(toChatRequest(input, dialect, names, notes), input.facts ?? [], notes)
	noteRenamedTools(names, notes)
	const url = openAiUrl(target.baseUrl, '/chat/completions')
	return {
		outgoing: postJson(url, target, input.stream, body),
		notes,
		toolNames: names.renamed,
	}
}

function toChatRequest(input: ConvertInput, dialect: Dialect, names: ToolNames, notes: Note[]): ChatRequest {
	const { request, model, target, stream } = input
	const official = isOpenAi(target.baseUrl) || isAzure(target.baseUrl)
	const moonshot = isMoonshot(target.baseUrl, model)
	const tools = toToolFields(input, { dialect, official, moonshot, names, notes })
	const known = describeModel(model, target.baseUrl)
	// The field is newer than tools.
	const traits: ModelTraits = dialect === 'openai' ? known : { ...known, efforts: [] }
	const effort = toReasoningEffort(request, traits, tools.tools !== undefined, notes)
	const schema = requestedSchema(request)
	// Its imitators refuse prompt_cache_key; `user` gives the upstream nothing that it needs.
	const cacheKey = dialect === 'openai' && isOpenAi(target.baseUrl) ? toCacheKey(request) : undefined
	return {
		model,
		messages: toConversation(input, dialect, names, notes),
		...tools,
		...toLimits(request, dialect === 'openaiold' || wantsOldLimit(target.baseUrl), traits, notes),
		...toChatSampling(request, traits.reasons && effort !== 'none', notes),
		...(effort && { reasoning_effort: effort }),
		...(schema && dialect === 'openai' && { response_format: toResponseFormat(schema) }),
		...(cacheKey && { prompt_cache_key: cacheKey }),
		// Newer than tools: an old server that refuses stream_options is sent none from then on.
		...(stream && { stream: true, stream_options: { include_usage: true } }),
	}
}

function toToolFields(
	{ request, facts }: Pick<ConvertInput, 'request' | 'facts'>,
	options: ToolOptions,
): Pick<ChatRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'> {
	const tools = ownTools(toFunctionTools(request.tools ?? [], options), facts)
	if (tools.length === 0) return {}
	const choice = toToolChoice(request.tool_choice, tools, options)
	const parallel = toParallelCalls(request.tool_choice, options)
	return {
		tools,
		...(choice && { tool_choice: choice }),
		...(parallel !== undefined && { parallel_tool_calls: parallel }),
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
		model,
		reminderRole: dialect === 'openai' && isOpenAi(target.baseUrl) ? 'developer' : 'user',
		keepsReasoning: learned?.wanted ?? wantsReasoningContent(target.baseUrl, model),
		keepsSignatures: isGemini(model),
		demandsDetails: hostOf(target.baseUrl) === 'openrouter.ai',
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
