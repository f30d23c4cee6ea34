import { isRecord } from './failure.ts'

type Schema = Record<string, unknown>

/** "… and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level": what OpenAI says to them. */
const refusedAtRoot: readonly string[] = ['oneOf', 'anyOf', 'allOf', 'enum', 'not']

/** What an object may and must have. */
interface Shape {
	properties: ReadonlyMap<string, unknown>
	required: readonly string[]
	/** Nothing but these properties. */
	closed: boolean
}

const anything: Shape = { properties: new Map(), required: [], closed: false }

/**
 * A schema whose alternatives at the top became one object: it has every property of every alternative, and requires
 * what all of them require. Whatever the schema allowed is still allowed. The schema itself when it has none.
 */
export function mergeRoot(schema: Schema, keywords: readonly string[] = refusedAtRoot): Schema {
	if (!keywords.some(keyword => Object.hasOwn(schema, keyword))) return schema
	const entries = Object.entries(schema)
	const rest = Object.fromEntries(entries.filter(([name]) => !keywords.includes(name)))
	const own = ['properties', 'required', 'additionalProperties', ...keywords]
	const merged = entries.filter(([name]) => own.includes(name))
	const { properties, required, closed } = readShape(Object.fromEntries(merged), schema, new Map())
	return {
		...rest,
		...(properties.size > 0 && { properties: Object.fromEntries(properties) }),
		...(required.length > 0 && { required }),
		...(closed && rest.additionalProperties === undefined && { additionalProperties: false }),
	}
}

/** @param known shapes by reference: each is read once, and one that leads to itself adds nothing to itself */
function readShape(schema: Schema, root: Schema, known: Map<string, Shape>): Shape {
	const read = (list: unknown) => objectsOf(list).map(one => readShape(one, root, known))
	const { properties, required } = schema
	const parts = objectsOf(schema.allOf)
	// At most one of the two holds; those of several conditions are alternatives of each other.
	const conditional = read([schema, ...parts].flatMap(part => [part.then, part.else]))
	const plain = parts.map(({ then: _then, else: _else, ...part }) => part)
	const own: Shape = {
		properties: new Map(isRecord(properties) ? Object.entries(properties) : []),
		required: Array.isArray(required) ? required.filter(name => typeof name === 'string') : [],
		closed: schema.additionalProperties === false,
	}
	return [
		...(typeof schema.$ref === 'string' ? [readReference(schema.$ref, root, known)] : []),
		...read(plain),
		joinAlternatives(read(schema.anyOf)),
		joinAlternatives(read(schema.oneOf)),
		joinAlternatives([...conditional, anything]),
	].reduce(joinAll, own)
}

/** A tool's arguments are an object: an alternative that is none is never chosen. */
function objectsOf(list: unknown): Schema[] {
	return Array.isArray(list) ? list.filter(mayBeObject) : []
}

function mayBeObject(schema: unknown): schema is Schema {
	if (!isRecord(schema)) return false
	const { type } = schema
	return type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))
}

function readReference(reference: string, root: Schema, known: Map<string, Shape>): Shape {
	const shape = known.get(reference)
	if (shape) return shape
	known.set(reference, anything)
	const target = findReference(reference, root)
	const found = target ? readShape(target, root, known) : anything
	known.set(reference, found)
	return found
}

/** A JSON pointer within the schema: https://www.rfc-editor.org/rfc/rfc6901 */
export function findReference(reference: string, root: Schema): Schema | undefined {
	if (!reference.startsWith('#/')) return undefined
	let at: unknown = root
	for (const step of reference.slice(2).split('/')) {
		const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
		if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
		at = (at as Schema)[name]
	}
	return isRecord(at) ? at : undefined
}

/** Both hold; of a property that both describe, the first description stays. */
function joinAll(first: Shape, second: Shape): Shape {
	return {
		properties: new Map([...second.properties, ...first.properties]),
		required: [...new Set([...first.required, ...second.required])],
		closed: first.closed || second.closed,
	}
}

/** One of them holds. */
function joinAlternatives(shapes: readonly Shape[]): Shape {
	const [first = anything, ...others] = shapes
	const described = new Map<string, Map<string, unknown>>()
	for (const [name, schema] of shapes.flatMap(shape => [...shape.properties])) {
		const schemas = described.get(name) ?? new Map<string, unknown>()
		described.set(name, schemas.set(JSON.stringify(schema), schema))
	}
	const properties = [...described].map(([name, schemas]) => {
		const all = [...schemas.values()]
		return [name, all.length === 1 ? all[0] : { anyOf: all }] as const
	})
	return {
		properties: new Map(properties),
		required: first.required.filter(name => others.every(shape => shape.required.includes(name))),
		closed: shapes.length > 0 && shapes.every(shape => shape.closed),
	}
}
