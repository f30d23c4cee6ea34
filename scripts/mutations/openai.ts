import { breakages, contract, type Mutation } from './mutation.ts'

const openai = contract('openai')
const openaiold = contract('openaiold')

export const openAiMutations: readonly Mutation[] = [
	...breakages('core/upstreams/openai/tool-results.ts', openai, [
		[
			"messages.push({ role: 'user', content: toContent(attachments) })",
			'void 0',
			'images of results are lost',
		],
		[
			'else {\n\t\t\tfiles.push(piece)',
			'else {\n\t\t\tfiles.unshift(piece)',
			'images of results change places',
		],
	]),
	...breakages('core/upstreams/openai/messages.ts', openai, [
		["reasoning || ' '", 'reasoning', 'DeepSeek refuses a call without reasoning'],
		["if (options.reminderRole === 'developer') return", 'return', 'relays get the developer role'],
		[
			"files = dialect === 'openai' ? 'inline' : 'none'",
			"files = 'inline' as const",
			'old servers get file parts',
			openaiold,
		],
		["text === '' ? null : text", 'text', 'calls come with an empty text'],
	]),
	...breakages('core/upstreams/openai/request.ts', openai, [
		[
			'stream_options: { include_usage: true }',
			'stream_options: { include_usage: false }',
			'streams bring no usage',
		],
		[
			"return text === '' ? messages : [{ role: 'system', content: text }, ...messages]",
			"return text === '' ? messages : [...messages, { role: 'system', content: text }]",
			'the system prompt stands last',
		],
		["(schema && dialect === 'openai' && {", '(schema && {', 'old servers get response_format', openaiold],
	]),
	...breakages('core/upstreams/openai/parameters.ts', openai, [
		[
			"dialect === 'openai' ? { max_completion_tokens: tokens }",
			"dialect !== 'openai' ? { max_completion_tokens: tokens }",
			'the limit has the wrong name',
		],
		['stop: stop.slice(0, maxStopSequences)', 'stop', 'six stop sequences leave'],
	]),
	...breakages('core/upstreams/openai/finish-reason.ts', openai, [
		["length: 'max_tokens'", "length: 'end_turn'", 'the limit reads like the end'],
		["content_filter: 'refusal'", "content_filter: 'end_turn'", 'a filter reads like the end'],
	]),
	...breakages('core/upstreams/openai/answer.ts', openai, [
		['!this.#blocks.finished && !cutOff', '!this.#blocks.finished', 'half a call reads like a whole one'],
		[
			"cited_text: typeof cited.content === 'string' ? cited.content : ''",
			"cited_text: ''",
			'quotations are lost',
		],
		[
			"if (this.#refused) this.#blocks.finish('refusal')\n\t\telse if",
			'if',
			'a refusal reads like an answer',
		],
		[
			'if (choice.usage) this.#blocks.usage(readOpenAiUsage(choice.usage))',
			'',
			'usage inside the choice is lost',
		],
	]),
	...breakages('core/upstreams/openai/reasoning-text.ts', openai, [
		["if (typeof reasoning === 'string' && reasoning !== '') return reasoning", '', '`reasoning` is lost'],
	]),
	...breakages('core/upstreams/openai/tool-calls.ts', openai, [
		[
			"if (json === '' || isRepeat(call.json, json)) return",
			"if (json === '') return",
			'repeated arguments are sent twice',
		],
		['context.toolNames.get(name) ?? name', 'name', 'shortened names come back'],
		["return isRecord(value) ? JSON.stringify(value) : ''", "return ''", 'arguments as an object are lost'],
	]),
	...breakages('core/upstreams/openai/stream.ts', openai, [
		["else if (data.trim() === '[DONE]') answer.complete()", '', 'an end without a reason is an error'],
	]),
]
