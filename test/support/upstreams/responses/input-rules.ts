import { refuse } from '../openai/errors.ts'
import { checkFileData, checkImage } from '../openai/message-rules.ts'
import type { InputItem, InputPart } from './item-schema.ts'

/** What the API says of items that the schema lets pass: pairs of items, and contents. */
export function checkInput(
	items: readonly InputItem[],
	options: { store: boolean; reasoning: boolean },
): void {
	if (items.length === 0) {
		throw refuse(
			"Invalid 'input': empty array. Expected an array with minimum length 1.",
			'input',
			'empty_array',
		)
	}
	checkCalls(items)
	checkReasoning(items, options)
	for (const [index, item] of items.entries()) checkParts(item, `input[${index}]`)
}

/** https://platform.openai.com/docs/guides/function-calling: every call has one output, behind it. */
function checkCalls(items: readonly InputItem[]): void {
	const open = new Set<string>()
	const seen = new Set<string>()
	for (const item of items) {
		if (item.type === 'function_call') {
			if (seen.has(item.call_id))
				throw refuse(`Duplicate function call with call_id ${item.call_id}.`, 'input')
			open.add(item.call_id)
			seen.add(item.call_id)
		} else if (item.type === 'function_call_output' && !open.delete(item.call_id)) {
			throw refuse(`No tool call found for function call output with call_id ${item.call_id}.`, 'input')
		}
	}
	const [unanswered] = open
	if (unanswered !== undefined) {
		throw refuse(`No tool output found for function call ${unanswered}.`, 'input')
	}
}

/** What may follow the reasoning that led to it. */
function isOutput(item: InputItem | undefined): boolean {
	if (!item) return false
	if ('role' in item) return item.role === 'assistant'
	return item.type !== 'function_call_output'
}

function checkReasoning(items: readonly InputItem[], options: { store: boolean; reasoning: boolean }): void {
	const ids = new Set<string>()
	for (const [index, item] of items.entries()) {
		if (item.type !== 'reasoning') continue
		if (ids.has(item.id)) {
			throw refuse(
				`Duplicate item found with id ${item.id}. Remove duplicate items from your input.`,
				'input',
			)
		}
		ids.add(item.id)
		if (!isOutput(items[index + 1])) {
			const message = `Item '${item.id}' of type 'reasoning' was provided without its required following item.`
			throw refuse(message, 'input')
		}
		checkEncrypted(item, options)
	}
}

/** What this server encrypts begins so: anything else was made elsewhere. */
export const encryptedPrefix = 'gAAAAA'

function checkEncrypted(
	item: InputItem & { type: 'reasoning' },
	options: { store: boolean; reasoning: boolean },
): void {
	const encrypted = item.encrypted_content
	if (encrypted == null) {
		const message = `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`
		throw refuse(
			`${message} Try again with \`store\` set to true, or remove this item from your input.`,
			'input',
		)
	}
	if (!options.reasoning) {
		throw refuse('Reasoning input items can only be provided to a reasoning or computer use model.', 'input')
	}
	if (!encrypted.startsWith(encryptedPrefix)) {
		const message = `The encrypted content for item ${item.id} could not be verified.`
		throw refuse(message, null, 'invalid_encrypted_content')
	}
}

function checkParts(item: InputItem, path: string): void {
	const content = 'content' in item && item.type !== 'reasoning' ? item.content : undefined
	const [parts, where] =
		item.type === 'function_call_output' ? [item.output, `${path}.output`] : [content, `${path}.content`]
	if (!Array.isArray(parts)) return
	for (const [index, part] of parts.entries()) checkPart(part as InputPart, `${where}[${index}]`)
}

function checkPart(part: InputPart, path: string): void {
	if (part.type === 'input_image') {
		checkOne(part, ['image_url', 'file_id'], path)
		if (part.image_url != null) checkImage(part.image_url, `${path}.image_url`)
	}
	if (part.type !== 'input_file') return
	checkOne(part, ['file_data', 'file_id', 'file_url'], path)
	if (part.file_data === undefined) return
	checkFileData(part.file_data, part.filename, path)
}

function checkOne(part: object, names: readonly string[], path: string): void {
	const given = names.filter(name => (part as Record<string, unknown>)[name] != null)
	if (given.length === 1) return
	const message = `Missing mutually exclusive parameters: '${path}'. Ensure you are providing exactly one of: '${names.join("' or '")}'.`
	throw refuse(message, path, 'missing_mutually_exclusive_parameters')
}
