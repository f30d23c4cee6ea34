/**
 * Checks JSON as Google's servers read it into protocol buffers: unknown names and wrong kinds are all collected and
 * told in one 400, with snake_case paths. Both `camelCase` and `snake_case` names are read, as protobuf JSON allows.
 * Source: https://protobuf.dev/programming-guides/json/
 */
export type FieldKind =
	| 'string'
	| 'bytes'
	| 'bool'
	| 'int32'
	| 'int64'
	| 'float'
	/** google.protobuf.Struct: any JSON object. */
	| 'struct'
	/** google.protobuf.Value: any JSON. */
	| 'value'

export type FieldType =
	| FieldKind
	| { message: string }
	| { enum: string; values: readonly string[] }
	| { repeated: FieldType }
	| { mapOf: FieldType }

/** Message name -> field name in camelCase -> type. */
export type Messages = Record<string, Record<string, FieldType>>

export interface Violation {
	field: string
	description: string
}

function snakeCase(name: string): string {
	return name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

function camelCase(name: string): string {
	return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** The body with all names in camelCase where they are field names, and everything that is wrong with it. */
export function readMessage(
	messages: Messages,
	name: string,
	json: unknown,
): { value: unknown; violations: Violation[] } {
	const violations: Violation[] = []
	const reader = createReader(messages, violations)
	return { value: reader({ message: name }, json, ''), violations }
}

function createReader(messages: Messages, violations: Violation[]) {
	const complain = (field: string, description: string) => violations.push({ field, description })
	const unknownName = (path: string, key: string, reason: string) => {
		const place = path === '' ? '' : ` at '${path}'`
		complain(path, `Invalid JSON payload received. Unknown name "${key}"${place}: ${reason}`)
	}

	function read(type: FieldType, json: unknown, path: string): unknown {
		if (typeof type === 'string') return readScalar(type, json, path)
		if ('repeated' in type) return readList(type.repeated, json, path)
		if ('mapOf' in type) return readMap(type.mapOf, json, path)
		if ('enum' in type) return readEnum(type, json, path)
		return readFields(type.message, json, path)
	}

	function readFields(name: string, json: unknown, path: string): unknown {
		if (typeof json !== 'object' || json === null || Array.isArray(json)) {
			complain(
				path,
				`Invalid value at '${path}' (type.googleapis.com/google.ai.generativelanguage.v1beta.${name}), ${JSON.stringify(json)}`,
			)
			return {}
		}
		const fields = messages[name]!
		const result: Record<string, unknown> = {}
		for (const [key, value] of Object.entries(json)) {
			const field = camelCase(key)
			const type = Object.hasOwn(fields, field) ? fields[field] : undefined
			if (type === undefined) {
				unknownName(path, key, 'Cannot find field.')
				continue
			}
			if (value === null) continue
			const isList = typeof type === 'object' && 'repeated' in type
			if (Array.isArray(value) && !isList && type !== 'value') {
				unknownName(path, key, 'Proto field is not repeating, cannot start list.')
				continue
			}
			result[field] = read(type, value, path === '' ? snakeCase(field) : `${path}.${snakeCase(field)}`)
		}
		return result
	}

	function readList(type: FieldType, json: unknown, path: string): unknown[] {
		const items = Array.isArray(json) ? json : [json]
		const isList = Array.isArray(json)
		return items.map((item, index) => read(type, item, isList ? `${path}[${index}]` : path))
	}

	function readMap(type: FieldType, json: unknown, path: string): unknown {
		if (typeof json !== 'object' || json === null) {
			complain(path, `Invalid value at '${path}' (Map), ${JSON.stringify(json)}`)
			return {}
		}
		const entries = Object.entries(json).map(([key, value], index) => [
			key,
			read(type, value, `${path}[${index}].value`),
		])
		return Object.fromEntries(entries)
	}

	function readEnum(type: { enum: string; values: readonly string[] }, json: unknown, path: string): unknown {
		const known = typeof json === 'string' && type.values.includes(json.toUpperCase())
		if (known) return json.toUpperCase()
		complain(
			path,
			`Invalid value at '${path}' (type.googleapis.com/google.ai.generativelanguage.v1beta.${type.enum}), ${JSON.stringify(json)}`,
		)
		return undefined
	}

	function readScalar(kind: FieldKind, json: unknown, path: string): unknown {
		const problem = scalarProblem(kind, json)
		if (problem) complain(path, `Invalid value at '${path}' (TYPE_${kind.toUpperCase()}), ${problem}`)
		return json
	}

	return read
}

/** What is wrong with a scalar, as the message ends; undefined when it is right. */
function scalarProblem(kind: FieldKind, json: unknown): string | undefined {
	const shown = JSON.stringify(json)
	const isNumber =
		typeof json === 'number' ||
		(typeof json === 'string' && json.trim() !== '' && !Number.isNaN(Number(json)))
	switch (kind) {
		case 'string':
			return typeof json === 'string' ? undefined : shown
		case 'bool':
			return typeof json === 'boolean' ? undefined : shown
		case 'float':
			return isNumber ? undefined : shown
		case 'int32':
		case 'int64':
			return isNumber && Number.isInteger(Number(json)) ? undefined : shown
		case 'bytes': {
			if (typeof json !== 'string') return shown
			return /^[A-Za-z0-9+/_-]*={0,2}$/.test(json) ? undefined : `Base64 decoding failed for ${shown}`
		}
		case 'struct':
			return typeof json === 'object' && json !== null ? undefined : shown
		case 'value':
			return undefined
	}
}
