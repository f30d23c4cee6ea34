import { parseJson } from './redact-text.ts'

type Tree = Readonly<Record<string, unknown>>
const asTree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {})
const first = (value: unknown): Tree => asTree(Array.isArray(value) ? value[0] : undefined)
const asText = (value: unknown) => (typeof value === 'string' ? value : '')

/** The data of one server-sent event; `[DONE]` and the like are text. */
export function readEvent(text: string): { name: string; data: unknown } {
	const lines = text.split(/\r?\n/)
	const named = lines
		.find(line => line.startsWith('event:'))
		?.slice(6)
		.trim()
	const data = lines
		.filter(line => line.startsWith('data:'))
		.map(line => line.slice(5).trimStart())
		.join('\n')
	const parsed = parseJson(data || text) ?? (data || text)
	const tree = asTree(parsed)
	return { name: named ?? (asText(tree.type) || asText(tree.object)), data: parsed }
}

/** What an event adds to the answer's text, in any of the streams that upstreams send. */
export function textOfEvent(data: unknown): string {
	const event = asTree(data)
	const delta = asTree(event.delta)
	const choice = asTree(first(event.choices).delta)
	const parts = asTree(first(event.candidates).content).parts
	const gemini = Array.isArray(parts) ? parts.map(part => asText(asTree(part).text)).join('') : ''
	// OpenAI's Responses API sends the text itself as the delta.
	const responses = asText(event.type) === 'response.output_text.delta' ? asText(event.delta) : ''
	return asText(delta.text) || asText(choice.content) || gemini || responses
}
