/** As much of JSON Schema as the document uses: https://json-schema.org/draft/2020-12 */
export interface Schema {
	$ref?: string
	type?: string | string[]
	enum?: unknown[]
	const?: unknown
	oneOf?: Schema[]
	anyOf?: Schema[]
	allOf?: Schema[]
	properties?: Record<string, Schema>
	required?: string[]
	additionalProperties?: boolean | Schema
	items?: Schema
	prefixItems?: Schema[]
	description?: string
	default?: unknown
	minimum?: number
	maximum?: number
	minLength?: number
	maxLength?: number
}

const escapes: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
}
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, found => escapes[found] ?? found)

const schemaName = (reference: string): string => reference.split('/').at(-1) ?? reference

/** A schema the way TypeScript would write it, as HTML: names of other schemas are links. */
export function renderSchema(schema: Schema, indent = ''): string {
	if (schema.$ref !== undefined) {
		const name = escapeHtml(schemaName(schema.$ref))
		return `<a href="#schema-${name}">${name}</a>`
	}
	const parts = schema.oneOf ?? schema.anyOf
	if (parts) return joinUnique(parts, ' | ', indent)
	if (schema.allOf) return joinUnique(schema.allOf, ' &amp; ', indent)
	if (schema.const !== undefined) return escapeHtml(JSON.stringify(schema.const))
	if (schema.enum) return schema.enum.map(value => escapeHtml(JSON.stringify(value))).join(' | ')
	const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? guessType(schema)]
	return types.map(type => renderType(type, schema, indent)).join(' | ')
}

function joinUnique(parts: readonly Schema[], separator: string, indent: string): string {
	return [...new Set(parts.map(part => renderSchema(part, indent)))].join(separator)
}

const guessType = (schema: Schema) =>
	schema.properties || schema.additionalProperties ? 'object' : 'unknown'

function renderType(type: string, schema: Schema, indent: string): string {
	if (type === 'array') {
		if (schema.prefixItems)
			return `[${schema.prefixItems.map(item => renderSchema(item, indent)).join(', ')}]`
		const item = renderSchema(schema.items ?? {}, indent)
		return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
	}
	return type === 'object' ? renderObject(schema, indent) : type
}

function renderObject(schema: Schema, indent: string): string {
	const inner = `${indent}  `
	const required = new Set(schema.required)
	const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
		const mark = required.has(name) ? '' : '?'
		const comment = describeProperty(property)
		const note = comment === '' ? '' : `  <i>// ${escapeHtml(comment)}</i>`
		return `${inner}<b>${escapeHtml(name)}</b>${mark}: ${renderSchema(property, inner)}${note}`
	})
	const more = schema.additionalProperties
	if (typeof more === 'object') lines.push(`${inner}[name]: ${renderSchema(more, inner)}`)
	return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`
}

/** What a type does not say: meaning, default and limits. */
function describeProperty(property: Schema): string {
	const { description, default: preset, minimum, maximum, minLength, maxLength } = property
	const [low, high] = [minimum ?? minLength, maximum ?? maxLength]
	const safe = (bound: number | undefined) =>
		Math.abs(bound ?? 0) < Number.MAX_SAFE_INTEGER ? bound : undefined
	const limits = [safe(low), safe(high)].some(bound => bound !== undefined)
		? `${safe(low) ?? ''}…${safe(high) ?? ''}${(minLength ?? maxLength) ? ' characters' : ''}`
		: undefined
	const standard = preset === undefined ? undefined : `default ${JSON.stringify(preset)}`
	return [description, standard, limits].filter(text => text !== undefined).join('; ')
}
