import { refuse, refuseProblems } from './errors.ts'
import { generationOf } from './models.ts'
import { findSchemaProblems } from './schema-rules.ts'
import type { GeminiRequest } from './types.ts'

type Config = NonNullable<GeminiRequest['generationConfig']>

/** https://ai.google.dev/api/generate-content#v1beta.GenerationConfig */
export function checkConfig(request: GeminiRequest, model: string): void {
	const config = request.generationConfig ?? {}
	const problems = findConfigProblems(config)
	if (problems.length > 0) throw refuseProblems(problems)
	checkThinking(config.thinkingConfig ?? {}, model)
	checkToolConfig(request, model)
}

function findConfigProblems(config: Config): string[] {
	const path = 'GenerateContentRequest.generation_config'
	const problems: string[] = []
	const outside = (value: number | undefined, low: number, high: number) =>
		value !== undefined && (Number(value) < low || Number(value) > high)
	if (outside(config.temperature, 0, 2)) {
		problems.push(`${path}.temperature: temperature must be in the range [0.0, 2.0].`)
	}
	if (outside(config.topP, 0, 1)) problems.push(`${path}.top_p: top_p must be in the range [0.0, 1.0].`)
	if (outside(config.topK, 1, Number.MAX_SAFE_INTEGER))
		problems.push(`${path}.top_k: top_k must be positive.`)
	if (outside(config.maxOutputTokens, 1, Number.MAX_SAFE_INTEGER)) {
		problems.push(`${path}.max_output_tokens: max_output_tokens must be positive.`)
	}
	if ((config.stopSequences?.length ?? 0) > 5) {
		problems.push(`${path}.stop_sequences: at most 5 stop sequences are supported.`)
	}
	if (config.stopSequences?.includes(''))
		problems.push(`${path}.stop_sequences: stop sequences must not be empty.`)
	const wantsSchema = config.responseSchema !== undefined || config.responseJsonSchema !== undefined
	if (wantsSchema && !['application/json', 'text/x.enum'].includes(config.responseMimeType ?? '')) {
		problems.push(
			`${path}.response_mime_type: must be application/json or text/x.enum when a response schema is set`,
		)
	}
	if (config.responseSchema) findSchemaProblems(config.responseSchema, `${path}.response_schema`, problems)
	return problems
}

/** https://ai.google.dev/gemini-api/docs/thinking: budgets up to Gemini 2.5, levels from Gemini 3 on. */
function checkThinking(thinking: NonNullable<Config['thinkingConfig']>, model: string): void {
	const { thinkingBudget: budget, thinkingLevel: level } = thinking
	const generation = generationOf(model)
	if (generation < 2.5 && Object.keys(thinking).length > 0) {
		throw refuse(`Unable to submit request because thinking is not supported by this model.`)
	}
	if (budget !== undefined && level !== undefined) {
		throw refuse('You can only set only one of thinking budget and thinking level.')
	}
	if (level !== undefined) checkLevel(level, model, generation)
	if (budget !== undefined) checkBudget(Number(budget), model, generation)
}

function checkLevel(level: string, model: string, generation: number): void {
	if (generation < 3) throw refuse('Thinking level is not supported for this model.')
	const isPro = model.includes('-pro')
	const refused =
		(level === 'MINIMAL' && (isPro || generation >= 3.7)) || (level === 'MEDIUM' && isPro && generation < 3.1)
	if (refused) {
		throw refuse(
			`Thinking level ${level} is not supported for this model. Please retry with other thinking level.`,
		)
	}
}

function checkBudget(budget: number, model: string, generation: number): void {
	if (generation >= 3) {
		throw refuse('Thinking budget is not supported for this model. Please use thinking level instead.')
	}
	const isPro = model.includes('-pro')
	const most = isPro ? 32_768 : 24_576
	const least = isPro ? 128 : model.includes('lite') ? 512 : 1
	if (budget === 0 && isPro) throw refuse('Budget 0 is invalid. This model only works in thinking mode.')
	if (budget === -1 || budget === 0 || (budget >= least && budget <= most)) return
	throw refuse(
		`The thinking budget ${budget} is invalid. Please choose a value between ${least} and ${most}.`,
	)
}

function checkToolConfig(request: GeminiRequest, model: string): void {
	const tools = request.tools ?? []
	const names = tools.flatMap(tool => (tool.functionDeclarations ?? []).map(({ name }) => name ?? ''))
	const twice = names.find((name, place) => names.indexOf(name) !== place)
	if (twice !== undefined) throw refuse(`Duplicate function declaration found: ${twice}`)
	const builtIn = tools.some(tool => Object.keys(tool).some(member => member !== 'functionDeclarations'))
	if (builtIn && names.length > 0) {
		if (generationOf(model) < 3)
			throw refuse('Built-in tools and Function Calling cannot be combined in the same request.')
		if (!request.toolConfig?.includeServerSideToolInvocations) {
			throw refuse(
				'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.',
			)
		}
	}
	const calling = request.toolConfig?.functionCallingConfig
	if (!calling) return
	if (names.length === 0 && calling.mode !== undefined && calling.mode !== 'NONE') {
		throw refuse('Function calling config is set without function_declarations.')
	}
	const allowed = calling.allowedFunctionNames ?? []
	if (allowed.length > 0 && calling.mode !== 'ANY' && calling.mode !== 'VALIDATED') {
		throw refuse('Allowed function names can only be set when the function calling mode is ANY or VALIDATED.')
	}
	const stranger = allowed.find(name => !names.includes(name))
	if (stranger !== undefined)
		throw refuse(`Allowed function name \`${stranger}\` is not in function_declarations.`)
}
