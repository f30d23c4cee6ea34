import { isRecord } from '../shared/failure.ts'

/** The references that lead to a schema; carried by the schema itself, so that merging keeps them apart. */
const path = Symbol('path')

export type RawSchema = Record<string, unknown> & { [path]?: readonly string[] }

/** What one conversion of a schema shares. */
export interface SchemaScope {
	root: RawSchema
	/** Keywords that were left out. */
	dropped: Set<string>
	/** How many more schemas may be looked at: references can multiply without end. */
	left: number
}

/**
 * A schema without `$ref` and `allOf`: both replaced by what they stand for. A reference that leads into itself is
 * cut, and reported in `dropped` like one that leads nowhere.
 */
export function resolveSchema(schema: RawSchema, scope: SchemaScope): RawSchema {
	if (scope.left-- <= 0) return {}
	const { root, dropped } = scope
	let node = schema
	let refs = schema[path] ?? []
	while (typeof node.$ref === 'string') {
		const { $ref: ref, ...rest } = node
		const target = refs.includes(ref) ? undefined : lookUp(root, ref)
		if (target === undefined) {
			dropped.add(refs.includes(ref) ? 'recursion' : '$ref')
			node = rest
			break
		}
		refs = [...refs, ref]
		scope.left -= countChildren(target)
		node = mergeSchemas(rest, withPath(target, refs))
	}
	if (!Array.isArray(node.allOf)) return withPath(node, refs)
	const { allOf, ...rest } = node
	const parts = allOf.filter(isRecord).map(part => resolveSchema(mark(part, refs), scope))
	return parts.reduce(mergeSchemas, withPath(rest, refs))
}

function countChildren(schema: RawSchema): number {
	return isRecord(schema.properties) ? Object.keys(schema.properties).length : 1
}

/** Marks the schemas inside of one with the references that led there. */
function withPath(schema: RawSchema, refs: readonly string[]): RawSchema {
	if (refs.length === 0) return schema
	const marked: RawSchema = { ...schema }
	if (isRecord(schema.properties)) {
		const entries = Object.entries(schema.properties).map(([name, child]) => [name, mark(child, refs)])
		marked.properties = Object.fromEntries(entries)
	}
	for (const key of ['items', 'prefixItems', 'anyOf', 'oneOf', 'allOf']) {
		const child = schema[key]
		if (Array.isArray(child)) marked[key] = child.map(item => mark(item, refs))
		else if (child !== undefined) marked[key] = mark(child, refs)
	}
	return marked
}

function mark<Child>(child: Child, refs: readonly string[]): Child {
	return isRecord(child) && !(path in child) && refs.length > 0 ? { ...child, [path]: refs } : child
}

/** What a reference within the schema points at (RFC 6901); other documents are not fetched. */
function lookUp(root: RawSchema, ref: string): RawSchema | undefined {
	if (ref === '#') return root
	if (!ref.startsWith('#/')) return undefined
	let found: unknown = root
	for (const segment of ref.slice(2).split('/')) {
		const key = decode(segment).replaceAll('~1', '/').replaceAll('~0', '~')
		if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
		found = (found as RawSchema)[key]
	}
	return isRecord(found) ? found : undefined
}

function decode(segment: string): string {
	try {
		return decodeURIComponent(segment)
	} catch {
		return segment
	}
}

/** Both schemas at once. Where they differ in a plain keyword, the first wins; properties and required add up. */
export function mergeSchemas(first: RawSchema, second: RawSchema): RawSchema {
	const merged: RawSchema = { ...second, ...first }
	if (isRecord(first.properties) && isRecord(second.properties)) {
		merged.properties = mergeProperties(first.properties, second.properties)
	}
	for (const key of ['required', 'allOf']) {
		const [one, other] = [first[key], second[key]]
		if (Array.isArray(one) && Array.isArray(other)) merged[key] = [...new Set([...one, ...other])]
	}
	const alternatives = [...alternativesOf(first), ...alternativesOf(second)]
	return alternatives.length < 2 ? merged : keepFirst(merged, alternatives)
}

/** Two sets of alternatives cannot both stand: the others' properties stay, as optional ones. */
function keepFirst(merged: RawSchema, alternatives: unknown[][]): RawSchema {
	const [anyOf, ...others] = alternatives
	const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = merged
	const found = others
		.flat()
		.flatMap(option => (isRecord(option) && isRecord(option.properties) ? [option.properties] : []))
	if (found.length === 0) return { ...rest, anyOf }
	const own = isRecord(rest.properties) ? rest.properties : {}
	return { ...rest, anyOf, properties: found.reduce(mergeProperties, own) }
}

function alternativesOf(schema: RawSchema): unknown[][] {
	return [schema.anyOf, schema.oneOf].filter(list => Array.isArray(list))
}

function mergeProperties(first: RawSchema, second: RawSchema): RawSchema {
	const merged = new Map<string, unknown>(Object.entries(first))
	for (const [name, schema] of Object.entries(second)) {
		const known = merged.get(name)
		if (!isRecord(known)) merged.set(name, schema)
		else if (isRecord(schema)) merged.set(name, { allOf: [known, schema] })
	}
	return Object.fromEntries(merged)
}
