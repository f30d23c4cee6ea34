import { isRecord } from './failure.ts'

/** Longer and deeper paths are no field of ours; each step may be taken or left, so their number is bounded. */
const longestPath = 300
const mostSteps = 14

/**
 * Finds the field that an error names in the JSON that was sent. Errors write `snake_case` for `camelCase`, and put
 * the tag of a union between (`tools.0.custom.defer_loading`).
 *
 * @returns the path as it stands in the JSON, with `*` for every index; undefined when there is no such field
 */
export function findField(json: unknown, path: string): string | undefined {
	const named = path.split('.')
	const steps = named.length > mostSteps ? undefined : findSteps(json, named)
	const isWhole = steps !== undefined && steps.at(-1) !== '*' && steps.every(step => step !== '')
	const found = isWhole ? steps.join('.') : ''
	return found !== '' && found.length <= longestPath ? found : undefined
}

function findSteps(at: unknown, path: readonly string[]): string[] | undefined {
	const [step, ...rest] = path
	if (step === undefined) return []
	if (Array.isArray(at)) {
		if (!/^\d+$/.test(step) || Number(step) >= at.length) return undefined
		const found = findSteps(at[Number(step)], rest)
		return found && ['*', ...found]
	}
	if (!isRecord(at)) return undefined
	const name = [step, toCamelCase(step), toSnakeCase(step)].find(one => Object.hasOwn(at, one))
	const found = name === undefined ? undefined : findSteps(at[name], rest)
	if (name !== undefined && found) return [name, ...found]
	// A tag may have the name of a member: a text block has a `text`.
	return rest.length > 0 ? findSteps(at, rest) : undefined
}

/** Takes a field out, from every element where the path has `*`. True when there was one. Changes the value given. */
export function removeField(json: unknown, path: string): boolean {
	return removeSteps(json, path.split('.'))
}

function removeSteps(value: unknown, steps: readonly string[]): boolean {
	const [step, ...rest] = steps
	if (step === undefined) return false
	if (step === '*') {
		if (!Array.isArray(value)) return false
		return value.filter(item => removeSteps(item, rest)).length > 0
	}
	if (!isRecord(value) || !Object.hasOwn(value, step)) return false
	if (rest.length > 0) return removeSteps(value[step], rest)
	delete value[step]
	return true
}

function toCamelCase(name: string): string {
	return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

export function toSnakeCase(name: string): string {
	return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}
