import type { JsonObject } from '../script.ts'
import { refuse } from './errors.ts'
import { type ModelTraits, traitsOf } from './models.ts'
import type { ChatRequest } from './schema.ts'

/** What the schema cannot say: rules between members, and rules of the model. Each throws the API's own refusal. */

/** https://platform.openai.com/docs/guides/reasoning: reasoning models know fewer parameters. */
export function checkModelRules(body: ChatRequest): void {
	const traits = traitsOf(body.model)
	if (traits.reasoning) {
		if (body.max_tokens != null) {
			const hint = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
			throw refuse(`Unsupported parameter: ${hint}`, 'max_tokens', 'unsupported_parameter')
		}
		for (const name of ['temperature', 'top_p'] as const) {
			if (body[name] != null && body[name] !== 1) throw refuseOtherThanDefault(name, body[name], 1)
		}
		for (const name of ['presence_penalty', 'frequency_penalty'] as const) {
			if (body[name] != null && body[name] !== 0) throw refuseOtherThanDefault(name, body[name], 0)
		}
		for (const name of ['stop', 'logit_bias', 'logprobs', 'top_logprobs'] as const) {
			if (body[name] != null && body[name] !== false) {
				const message = `Unsupported parameter: '${name}' is not supported with this model.`
				throw refuse(message, name, 'unsupported_parameter')
			}
		}
	}
	checkEffort(body, traits.efforts)
	checkToolsWithEffort(body, traits.toolsWithEffort)
	checkOutputLimit(body, traits.maxOutput)
}

function refuseOtherThanDefault(name: string, value: number, fallback: number) {
	const message = `Unsupported value: '${name}' does not support ${value} with this model. Only the default (${fallback}) value is supported.`
	return refuse(message, name, 'unsupported_value')
}

function checkEffort(body: ChatRequest, efforts: readonly string[] | undefined): void {
	const effort = body.reasoning_effort
	if (effort == null) return
	if (!efforts) throw refuse('Unrecognized request argument supplied: reasoning_effort')
	if (efforts.includes(effort)) return
	const quoted = efforts.map(value => `'${value}'`)
	const list = `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
	const message = `Unsupported value: 'reasoning_effort' does not support '${effort}' with this model. Supported values are: ${list}.`
	throw refuse(message, 'reasoning_effort', 'unsupported_value')
}

function checkToolsWithEffort(body: ChatRequest, rule: ModelTraits['toolsWithEffort']): void {
	const effort = body.reasoning_effort ?? undefined
	const taken = rule === 'any' || effort === 'none' || (rule === 'absent-or-none' && effort === undefined)
	if (taken || !body.tools?.some(tool => tool.type === 'function')) return
	const wayOut =
		rule === 'none'
			? "To use function tools, use /v1/responses or set reasoning_effort to 'none'."
			: 'Please use /v1/responses instead.'
	const problem = `Function tools with reasoning_effort are not supported for ${body.model} in /v1/chat/completions.`
	throw refuse(`${problem} ${wayOut}`, 'reasoning_effort')
}

function checkOutputLimit(body: ChatRequest, limit: number | undefined): void {
	if (body.max_tokens != null && body.max_completion_tokens != null) {
		const message =
			"Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported. Please use only 'max_completion_tokens'."
		throw refuse(message, 'max_tokens', 'invalid_parameter_combination')
	}
	for (const name of ['max_tokens', 'max_completion_tokens'] as const) {
		const value = body[name]
		if (value == null || limit === undefined || value <= limit) continue
		const message = `${name} is too large: ${value}. This model supports at most ${limit} completion tokens, whereas you provided ${value}.`
		throw refuse(message, name, 'invalid_value')
	}
}

/** Members that are only allowed beside another one. */
export function checkCombinations(body: ChatRequest): void {
	if (body.stream_options != null && !body.stream) {
		throw refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options')
	}
	for (const name of ['tool_choice', 'parallel_tool_calls'] as const) {
		if (body[name] != null && !body.tools) {
			throw refuse(`Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`, name)
		}
	}
	if (body.top_logprobs != null && !body.logprobs) {
		throw refuse("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", 'top_logprobs')
	}
	if (body.metadata != null) {
		if (!body.store)
			throw refuse("The 'metadata' parameter is only allowed when 'store' is enabled.", 'metadata')
		if (Object.keys(body.metadata).length > 16) {
			const message = `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${Object.keys(body.metadata).length} properties instead.`
			throw refuse(message, 'metadata', 'object_above_max_properties')
		}
	}
	if (body.response_format?.type === 'json_object' && !/json/i.test(JSON.stringify(body.messages))) {
		const message =
			"'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
		throw refuse(message, 'messages')
	}
}

/** https://platform.openai.com/docs/guides/function-calling: a function's parameters are an object schema. */
export function checkTools(body: ChatRequest): void {
	for (const [index, tool] of (body.tools ?? []).entries()) {
		if (tool.type !== 'function' || !tool.function.parameters) continue
		const { name, parameters, strict } = tool.function
		const problem = findSchemaProblem(parameters, strict === true)
		if (problem) {
			const message = `Invalid schema for function '${name}': ${problem}`
			throw refuse(message, `tools[${index}].function.parameters`, 'invalid_function_parameters')
		}
	}
	const choice = body.tool_choice as { type?: string; function?: { name: string } } | undefined
	const wanted = choice?.function?.name
	if (wanted === undefined) return
	const known = body.tools?.some(tool => tool.type === 'function' && tool.function.name === wanted)
	if (!known) {
		throw refuse(`Tool choice '${wanted}' not found in 'tools' parameter.`, 'tool_choice')
	}
}

/** What the API has against a function's parameters. */
export function findSchemaProblem(schema: JsonObject, strict: boolean): string | undefined {
	if (schema.type !== 'object') {
		const found = schema.type === undefined ? 'None' : String(schema.type)
		return `schema must be a JSON Schema of 'type: "object"', got 'type: "${found}"'.`
	}
	const banned = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'].find(keyword => keyword in schema)
	if (banned) {
		return "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
	}
	return findNestedProblem(schema, [], strict)
}

function findNestedProblem(
	schema: JsonObject,
	context: readonly string[],
	strict: boolean,
): string | undefined {
	const where = `In context=(${context.map(step => `'${step}'`).join(', ')}${context.length === 1 ? ',' : ''})`
	if (schema.type === 'array' && schema.items === undefined) return `${where}, array schema missing items.`
	if (schema.type === 'object' && context.length === 0 && schema.properties === undefined) {
		return `${where}, object schema missing properties.`
	}
	if (strict && schema.type === 'object' && schema.additionalProperties !== false) {
		return `${where}, 'additionalProperties' is required to be supplied and to be false.`
	}
	const properties = Object.entries((schema.properties ?? {}) as Record<string, unknown>)
	const required = Array.isArray(schema.required) ? schema.required : []
	const forgotten = strict ? properties.find(([name]) => !required.includes(name)) : undefined
	if (forgotten) {
		return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${forgotten[0]}'.`
	}
	const children: [string[], unknown][] = properties.map(([name, child]) => [['properties', name], child])
	if (schema.items !== undefined) children.push([['items'], schema.items])
	for (const [steps, child] of children) {
		if (typeof child !== 'object' || child === null || Array.isArray(child)) continue
		const problem = findNestedProblem(child as JsonObject, [...context, ...steps], strict)
		if (problem) return problem
	}
	return undefined
}
