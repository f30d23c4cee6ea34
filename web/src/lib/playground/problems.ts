import type { Messages } from '../i18n/messages/en/index.ts'
import type { Draft, Part } from './draft.ts'
import { isObject, parseJson } from './request-body.ts'

/** What is wrong with a draft, by field; of a part of a message by `part.<id>`. */
export type Problems = Readonly<Record<string, string>>

/** Only what could not be sent, or surely was not meant: what a model takes, the upstream knows best. */
export function checkDraft(draft: Draft, words: Messages['playground']['problems']): Problems {
	const problems: Record<string, string> = {}
	if (draft.model.trim() === '') problems.model = words.model
	if (!isWhole(draft.maxTokens)) problems.maxTokens = words.whole
	if (draft.thinking === 'enabled' && !isWhole(draft.budget)) problems.budget = words.whole
	if (draft.temperature.trim() !== '' && !(Number(draft.temperature) >= 0))
		problems.temperature = words.number
	if (draft.tools.trim() !== '') {
		const problem = checkTools(draft.tools, words)
		if (problem !== undefined) problems.tools = problem
	}
	if (draft.systemBlocks && !Array.isArray(parseJson(draft.system))) problems.system = words.json
	for (const part of draft.messages.flatMap(({ parts }) => parts)) {
		if (isBroken(part)) problems[`part.${part.id}`] = words.json
	}
	if (draft.messages.length === 0) problems.messages = words.messages
	return problems
}

const isWhole = (text: string) => /^[1-9]\d{0,8}$/.test(text.trim())
const isBroken = (part: Part) => part.kind === 'json' && parseJson(part.text) === undefined

function checkTools(text: string, words: Messages['playground']['problems']): string | undefined {
	const tools = parseJson(text)
	if (tools === undefined) return words.json
	if (!Array.isArray(tools)) return words.toolList
	const nameless = tools.findIndex(tool => !isObject(tool) || typeof tool.name !== 'string')
	if (nameless !== -1) return words.toolName(nameless + 1)
	// Tools that the vendor runs itself have a type, and no schema.
	const bare = tools.findIndex(tool => isObject(tool) && !isObject(tool.input_schema) && !('type' in tool))
	return bare === -1 ? undefined : words.toolSchema(bare + 1)
}

/** A request that was typed as JSON. */
export function readBody(text: string, words: Messages['playground']['problems']) {
	const body = parseJson(text)
	if (body === undefined) return { problem: words.json }
	return isObject(body) ? { body } : { problem: words.object }
}
