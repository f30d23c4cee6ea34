import type { GeminiSchema, GeminiTool } from './types.ts'

/**
 * What the API has against function declarations and schemas once their JSON was read. Source:
 * https://ai.google.dev/api/caching#Schema and the messages that its users report.
 */
export function findToolProblems(tools: readonly GeminiTool[]): string[] {
	const problems: string[] = []
	for (const [toolIndex, tool] of tools.entries()) {
		for (const [index, declaration] of (tool.functionDeclarations ?? []).entries()) {
			const path = `GenerateContentRequest.tools[${toolIndex}].function_declarations[${index}]`
			if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(declaration.name ?? '')) {
				problems.push(
					`${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.`,
				)
			}
			if (declaration.parameters && declaration.parametersJsonSchema !== undefined) {
				problems.push(`${path}: only one of parameters and parameters_json_schema may be set`)
			}
			if (declaration.parameters) {
				if (declaration.parameters.type !== 'OBJECT') {
					problems.push(`${path}.parameters: schema should be of type OBJECT`)
				}
				findSchemaProblems(declaration.parameters, `${path}.parameters`, problems)
			}
			if (declaration.parametersJsonSchema !== undefined) {
				findJsonSchemaProblem(declaration.parametersJsonSchema, `${path}.parameters_json_schema`, problems)
			}
			if (declaration.response) findSchemaProblems(declaration.response, `${path}.response`, problems)
		}
	}
	return problems
}

const stringFormats = ['enum', 'date-time']
const numberFormats = ['float', 'double', 'int32', 'int64']

/** Adds what is wrong with a schema and the schemas within. */
export function findSchemaProblems(schema: GeminiSchema, path: string, problems: string[]): void {
	const { type } = schema
	if (type === undefined && !schema.anyOf) problems.push(`${path}.type: must be specified`)
	if (schema.enum) {
		if (type !== 'STRING') problems.push(`${path}.enum: only allowed for STRING type`)
		if (schema.enum.length === 0) problems.push(`${path}.enum: must not be empty`)
		for (const [index, value] of schema.enum.entries()) {
			if (value === '') problems.push(`${path}.enum[${index}]: cannot be empty`)
		}
	}
	if (type === 'ARRAY' && !schema.items) problems.push(`${path}.items: missing field.`)
	if (schema.items && type !== 'ARRAY') problems.push(`${path}.items: only allowed for ARRAY type`)
	const names = Object.keys(schema.properties ?? {})
	if (type === 'OBJECT' && names.length === 0)
		problems.push(`${path}.properties: should be non-empty for OBJECT type`)
	if (names.length > 0 && type !== 'OBJECT') problems.push(`${path}.properties: only allowed for OBJECT type`)
	for (const [index, name] of (schema.required ?? []).entries()) {
		if (!names.includes(name)) problems.push(`${path}.required[${index}]: property is not defined`)
	}
	if (schema.format && type === 'STRING' && !stringFormats.includes(schema.format)) {
		problems.push(`${path}.format: only 'enum' and 'date-time' are supported for STRING type`)
	}
	if (schema.format && (type === 'NUMBER' || type === 'INTEGER') && !numberFormats.includes(schema.format)) {
		problems.push(
			`${path}.format: only ${numberFormats.map(name => `'${name}'`).join(', ')} are supported for ${type} type`,
		)
	}
	for (const [name, child] of Object.entries(schema.properties ?? {})) {
		findSchemaProblems(child, `${path}.properties[${name}]`, problems)
	}
	if (schema.items) findSchemaProblems(schema.items, `${path}.items`, problems)
	for (const [index, child] of (schema.anyOf ?? []).entries()) {
		findSchemaProblems(child, `${path}.any_of[${index}]`, problems)
	}
}

/** `parametersJsonSchema` takes JSON Schema as it is; only its outside is judged. */
function findJsonSchemaProblem(schema: unknown, path: string, problems: string[]): void {
	const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema)
	if (!isObject) problems.push(`${path}: must be a JSON Schema object`)
	else if ((schema as { type?: unknown }).type !== 'object')
		problems.push(`${path}: schema should be of type object`)
}
