import type { Note } from '../../messages/notes.ts'
import type { MessageRequest } from '../../messages/request.ts'
import type { ConvertedRequest, ConvertInput } from '../contract.ts'
import { noteDroppedFields } from '../shared/dropped-fields.ts'
import { hostOf, isAzure, isOpenAi, plainModel } from '../shared/hosts.ts'
import { ownTools } from '../shared/kept-tools.ts'
import { describeModel, type ModelTraits } from '../shared/openai-models.ts'
import { createOpenAiToolNames, noteRenamedTools, refuseServerTools } from '../shared/openai-tools.ts'
import { openAiUrl, postJson } from '../shared/openai-urls.ts'
import { isStrictSchema, requestedSchema } from '../shared/output-schema.ts'
import { clampMaxTokens, raiseMaxTokens, toCacheKey, toSampling } from '../shared/parameters.ts'
import { chooseEffort, type ReasoningEffort } from '../shared/reasoning-effort.ts'
import { refuseEmptyConversation, refuseThread } from '../shared/refusals.ts'
import { systemText } from '../shared/system.ts'
import type { ToolNames } from '../shared/tool-names.ts'
import { type InputOptions, toInput } from './input.ts'
import { respectFacts } from './repair.ts'
import { isKnownTool, maxSearches, toToolChoice, toTools } from './tools.ts'
import type { InputItem, ResponsesRequest } from './wire.ts'

export function buildRequest(input: ConvertInput): ConvertedRequest {
	const { request, target } = input
	refuseThread(request)
	const notes: Note[] = []
	refuseServerTools(request, isKnownTool, notes)
	noteLost(request, notes)
	const names = createOpenAiToolNames(request)
	const body = respectFacts(toResponsesRequest(input, names, notes), input.facts ?? [], notes)
	noteRenamedTools(names, notes)
	const url = openAiUrl(target.baseUrl, '/responses')
	return {
		outgoing: postJson(url, target, input.stream, body),
		notes,
		toolNames: names.renamed,
	}
}

function toResponsesRequest(input: ConvertInput, names: ToolNames, notes: Note[]): ResponsesRequest {
	const { request, model, target } = input
	const traits = withMaxEffort(describeModel(model, target.baseUrl), model)
	const official = isOpenAi(target.baseUrl) || isAzure(target.baseUrl)
	const tools = ownTools(toTools(request.tools ?? [], { official, names, notes }), input.facts)
	const searches = tools.some(({ type }) => type === 'web_search')
	const effort = toEffort(request, traits, searches, notes)
	const reasoning = toReasoning(request, traits, effort)
	const include = toInclude(input, traits, searches)
	const schema = requestedSchema(request)
	const instructions = systemText(request.system)
	const toolChoice = tools.length > 0 ? toToolChoice(request, names) : undefined
	const single = request.tool_choice?.disable_parallel_tool_use === true
	const searchLimit = searches ? maxSearches(request) : undefined
	const cacheKey = toCacheKey(request)
	return {
		model,
		...(instructions !== '' && { instructions }),
		input: toItems(input, traits, names, notes),
		...(tools.length > 0 && { tools }),
		...(toolChoice && { tool_choice: toolChoice }),
		...(tools.length > 0 && single && { parallel_tool_calls: false }),
		...(searchLimit && { max_tool_calls: searchLimit }),
		max_output_tokens: raiseMaxTokens(clampMaxTokens(request, traits.maxOutput, notes), notes),
		...toSampling(request, traits.reasons && effort !== 'none', notes),
		...(reasoning && { reasoning }),
		...(schema && {
			text: { format: { type: 'json_schema', name: 'answer', schema, strict: isStrictSchema(schema) } },
		}),
		...(include.length > 0 && { include }),
		...(cacheKey && { prompt_cache_key: cacheKey }),
		// What we send again with each turn need not be kept for 30 days.
		store: false,
		...(input.stream && { stream: true }),
	}
}

/**
 * Effort `max` came with gpt-5.6, and with this API alone: Chat Completions refuses it.
 * Source: https://platform.openai.com/docs/guides/reasoning and genkit-ai/genkit#6303.
 */
function withMaxEffort(traits: ModelTraits, model: string): ModelTraits {
	const takesMax = /^gpt-(?:5\.(?:[6-9]|\d{2})|[6-9]|\d{2})/.test(plainModel(model))
	return takesMax && traits.efforts.length > 0 ? { ...traits, efforts: [...traits.efforts, 'max'] } : traits
}

/** gpt-5 cannot search the web with effort `minimal`: https://platform.openai.com/docs/guides/tools-web-search */
function toEffort(
	request: MessageRequest,
	traits: ModelTraits,
	searches: boolean,
	notes: Note[],
): ReasoningEffort | undefined {
	const effort = chooseEffort(request, traits.efforts, notes)
	return searches && effort === 'minimal' ? 'low' : effort
}

/** A summary is what can be shown of the thinking; clients that hide thinking or want none need none. */
function toReasoning(
	request: MessageRequest,
	traits: ModelTraits,
	effort: ReasoningEffort | undefined,
): ResponsesRequest['reasoning'] {
	const { thinking } = request
	const shown = thinking != null && thinking.type !== 'disabled' && thinking.display !== 'omitted'
	const summary = shown && canReason(traits) && effort !== 'none'
	if (!effort && !summary) return undefined
	return { ...(effort && { effort }), ...(summary && { summary: 'auto' }) }
}

/**
 * Models that do not reason refuse it: "Encrypted content is not supported with this model."
 * Sources of searches are asked of OpenAI alone: others refuse what they do not know in the list.
 */
function toInclude(
	{ target }: ConvertInput,
	traits: ModelTraits,
	searches: boolean,
): NonNullable<ResponsesRequest['include']> {
	const official = isOpenAi(target.baseUrl) || isAzure(target.baseUrl)
	return [
		...(canReason(traits) || hostOf(target.baseUrl) === 'api.x.ai'
			? (['reasoning.encrypted_content'] as const)
			: []),
		...(searches && official ? (['web_search_call.action.sources'] as const) : []),
	]
}

const canReason = (traits: ModelTraits) => traits.reasons || traits.efforts.length > 0

function toItems(
	{ request, model, target }: ConvertInput,
	traits: ModelTraits,
	toolNames: ToolNames,
	notes: Note[],
): InputItem[] {
	const official = isOpenAi(target.baseUrl) || isAzure(target.baseUrl)
	const options: InputOptions = {
		reminderRole: official ? 'developer' : 'system',
		reasoning: takesReasoning(traits, official),
		phases: official && marksPhases(model),
		toolNames,
		notes,
	}
	const items = toInput(request.messages, options)
	refuseEmptyConversation(items)
	return items
}

/** OpenAI's models that do not reason refuse reasoning items; of others at other hosts nothing is known. */
function takesReasoning(traits: ModelTraits, official: boolean): InputOptions['reasoning'] {
	const isKnown = official || traits.maxOutput !== undefined
	if (isKnown && !canReason(traits)) return 'none'
	return official ? 'encrypted' : 'any'
}

/** "For models like gpt-5.3-codex and beyond": `phase` of messages in the API reference. */
function marksPhases(model: string): boolean {
	return /^gpt-(?:5\.(?:[3-9]|\d{2})|[6-9]|\d{2})/.test(plainModel(model))
}

function noteLost(request: MessageRequest, notes: Note[]): void {
	noteDroppedFields(request, notes)
	if (request.stop_sequences?.some(sequence => sequence !== '')) {
		const detail = 'the Responses API has no stop sequences'
		notes.push({ field: 'stop_sequences', action: 'dropped', detail })
	}
}
