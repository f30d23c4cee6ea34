// biome-ignore-all lint/suspicious/noExplicitAny: a floor has no schema

/** Messages request to Chat Completions request: text, tools, tool calls and results. */
export function toCompletionRequest(body: any): object {
	const messages: object[] = []
	if (body.system) messages.push({ role: 'system', content: joinText(body.system) })
	for (const message of body.messages) addMessage(messages, message)
	return {
		model: body.model,
		max_completion_tokens: body.max_tokens,
		messages,
		...(body.tools && { tools: body.tools.map(toTool) }),
		...(body.stream && { stream: true, stream_options: { include_usage: true } }),
	}
}

function addMessage(messages: object[], { role, content }: any): void {
	if (typeof content === 'string') return void messages.push({ role, content })
	const calls = content.filter((block: any) => block.type === 'tool_use').map(toCall)
	for (const block of content) {
		if (block.type !== 'tool_result') continue
		messages.push({ role: 'tool', tool_call_id: block.tool_use_id, content: joinText(block.content) })
	}
	const text = joinText(content)
	if (text === '' && calls.length === 0) return
	messages.push({ role, content: text, ...(calls.length > 0 && { tool_calls: calls }) })
}

const toCall = ({ id, name, input }: any) => ({
	id,
	type: 'function',
	function: { name, arguments: JSON.stringify(input) },
})

const toTool = ({ name, description, input_schema }: any) => ({
	type: 'function',
	function: { name, description, parameters: input_schema },
})

function joinText(content: any): string {
	if (typeof content === 'string') return content
	let text = ''
	for (const block of content ?? []) if (block.type === 'text') text += block.text
	return text
}
