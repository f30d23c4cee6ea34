import { refuse } from '../openai/errors.ts'
import { type ModelTraits, traitsOf } from '../openai/models.ts'
import { findSchemaProblem } from '../openai/rules.ts'
import { checkInput } from './input-rules.ts'
import type { InputItem } from './item-schema.ts'
import type { ResponsesRequest } from './schema.ts'

/** What the schema cannot say: rules between members, and rules of the model. Each throws the API's own refusal. */
export function checkRules(body: ResponsesRequest): void {
	const traits = traitsOf(body.model)
	checkCombinations(body)
	checkTools(body, traits)
	checkModel(body, traits)
	checkFormat(body)
	const options = { store: body.store !== false, reasoning: traits.reasoning }
	if (typeof body.input !== 'string') checkInput(body.input as InputItem[], options)
}

function checkCombinations(body: ResponsesRequest): void {
	if (body.stream_options != null && !body.stream) {
		throw refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options')
	}
	if (body.tool_choice === 'required' && !body.tools?.length) {
		throw refuse("Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice')
	}
	if (body.previous_response_id != null) {
		const message = `Previous response with id '${body.previous_response_id}' not found.`
		throw refuse(message, 'previous_response_id', 'previous_response_not_found')
	}
}

function checkTools(body: ResponsesRequest, traits: ModelTraits): void {
	for (const [index, tool] of (body.tools ?? []).entries()) {
		if (tool.type === 'function') {
			// Left out, `strict` is true here, unlike in Chat Completions.
			const problem = findSchemaProblem(tool.parameters ?? {}, tool.strict !== false)
			if (!problem) continue
			const message = `Invalid schema for function '${tool.name}': ${problem}`
			throw refuse(message, `tools[${index}].parameters`, 'invalid_function_parameters')
		}
		if (traits.efforts?.includes('minimal') && body.reasoning?.effort === 'minimal') {
			const message = `The following tools cannot be used with reasoning.effort 'minimal': ${tool.type}.`
			throw refuse(message, 'tools')
		}
	}
	const choice = body.tool_choice as { type: string; name?: string } | string | undefined
	if (typeof choice !== 'object' || choice.type === 'allowed_tools') return
	const known = body.tools?.some(tool => {
		return tool.type === choice.type && (!('name' in tool) || tool.name === choice.name)
	})
	if (!known) {
		throw refuse(`Tool choice '${choice.name ?? choice.type}' not found in 'tools' parameter.`, 'tool_choice')
	}
}

/** https://platform.openai.com/docs/guides/reasoning */
function checkModel(body: ResponsesRequest, traits: ModelTraits): void {
	const effort = body.reasoning?.effort
	if (!traits.reasoning) {
		const [name] = Object.entries(body.reasoning ?? {}).find(([, value]) => value != null) ?? []
		if (name !== undefined) throw refuseParameter(`reasoning.${name}`)
		if (body.include?.includes('reasoning.encrypted_content')) {
			throw refuse('Encrypted content is not supported with this model.', 'include')
		}
	} else if (effort !== 'none') {
		for (const name of ['temperature', 'top_p'] as const) if (body[name] != null) throw refuseParameter(name)
	}
	const efforts = traits.efforts && [...traits.efforts, ...(takesMax(body.model) ? ['max'] : [])]
	if (effort != null && efforts && !efforts.includes(effort)) {
		const list = efforts.map(value => `'${value}'`).join(', ')
		const message = `Unsupported value: '${effort}' is not supported with the '${body.model}' model. Supported values are: ${list}.`
		throw refuse(message, 'reasoning.effort', 'unsupported_value')
	}
	const limit = traits.maxOutput
	if (limit !== undefined && (body.max_output_tokens ?? 0) > limit) {
		const message = `Invalid 'max_output_tokens': integer above maximum value. Expected a value <= ${limit}, but got ${body.max_output_tokens} instead.`
		throw refuse(message, 'max_output_tokens', 'integer_above_max_value')
	}
}

/** From gpt-5.6 on, and only here. */
function takesMax(model: string): boolean {
	return Number(/^gpt-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 0) >= 5.6
}

function refuseParameter(name: string) {
	const message = `Unsupported parameter: '${name}' is not supported with this model.`
	return refuse(message, name, 'unsupported_parameter')
}

function checkFormat(body: ResponsesRequest): void {
	const format = body.text?.format
	if (format?.type !== 'json_schema' || !format.strict) return
	const problem = findSchemaProblem(format.schema, true)
	if (problem) {
		const message = `Invalid schema for response_format '${format.name}': ${problem}`
		throw refuse(message, 'text.format.schema', 'invalid_json_schema')
	}
}
