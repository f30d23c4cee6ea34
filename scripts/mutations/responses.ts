import { breakages, contract, type Mutation } from './mutation.ts'

const responses = contract('responses')

export const responsesMutations: readonly Mutation[] = [
	...breakages('core/upstreams/responses/tools.ts', responses, [
		[
			'const strict = tool.strict === true && isStrictSchema(parameters)',
			'const strict = isStrictSchema(parameters)',
			'tools become strict',
		],
		["if (tool && isWebSearch(tool)) return { type: 'web_search' }", '', 'a forced search is a function'],
		["if (choice?.type === 'any') return 'required'", '', 'tools are not forced'],
	]),
	...breakages('core/upstreams/responses/input.ts', responses, [
		[
			'this.#items.push(...this.#reasoning, item)',
			'this.#items.push(item, ...this.#reasoning)',
			'reasoning follows what it led to',
		],
		['if (item && !this.#reasoningIds.has(item.id)) {', 'if (item) {', 'reasoning goes back twice'],
		['for (const pair of calls) this.#items.push(toOutput(pair, this.#content))', '', 'results are lost'],
		[
			"called < calls.length ? 'commentary' : 'final_answer'",
			"'final_answer'",
			'every text is the final answer',
		],
		['role: this.#options.reminderRole, content', "role: 'user', content", 'reminders are the user’s words'],
	]),
	...breakages('core/upstreams/responses/request.ts', responses, [
		['if (limit >= minOutputTokens) return limit', 'return limit', 'a limit of 1 leaves'],
		["searches && effort === 'minimal' ? 'low' : effort", 'effort', 'gpt-5 cannot search'],
		['store: false,', 'store: !input,\n\t\tbackground: false,', 'a field leaves that was not meant to'],
		["...(summary && { summary: 'auto' })", '', 'no summary of the thinking is asked for'],
		['canReason(traits) || hostOf', 'hostOf', 'no encrypted reasoning is asked for'],
	]),
	...breakages('core/upstreams/responses/tool-outputs.ts', responses, [
		[
			'if (!result.is_error) return pieces.map(toPart)',
			'return pieces.map(toPart)',
			'a failed result with an image reads like a success',
		],
		['if (texts.length === pieces.length)', 'if (texts.length > 0)', 'images of results are lost'],
	]),
	...breakages('core/upstreams/responses/parts.ts', responses, [
		['file_url: piece.url', "filename: 'document', file_data: piece.url", 'an address is sent as data'],
	]),
	...breakages('core/upstreams/responses/reasoning-signature.ts', responses, [
		[
			'{ id, ...(encrypted_content !== undefined && { encrypted_content }) }',
			'{ id }',
			'the secret is not carried',
		],
	]),
	...breakages('core/upstreams/responses/answer.ts', responses, [
		["if (strand === 'refusal') this.#refused = true", '', 'a refusal reads like an answer'],
		['const gap = isFirst &&', 'const gap = !isFirst &&', 'texts run together'],
		['whole.slice(item.written.get(', 'whole.slice(new Map<string, number>().get(', 'text is said twice'],
		['this.#context.toolNames.get(name) ?? name', 'name', 'shortened names come back'],
		['item.shows || !this.#plainChat', 'item.shows', 'hidden reasoning is lost between calls'],
		['this.#searches++', '', 'searches are not counted'],
		[
			"if (item.shows === strand) this.#write('thinking'",
			"if (item.shows) this.#write('thinking'",
			'the same reasoning is shown twice',
		],
		['if (response.usage) this.#blocks.usage(readOpenAiUsage(response.usage))', '', 'usage is lost'],
		['raw.annotations.slice(item.annotations.get(part) ?? 0)', 'raw.annotations', 'citations come twice'],
	]),
	...breakages('core/upstreams/responses/finish.ts', responses, [
		["content_filter: 'refusal'", "content_filter: 'end_turn'", 'a filter reads like the end'],
		["max_output_tokens: 'max_tokens'", "max_output_tokens: 'end_turn'", 'the limit reads like the end'],
		[
			"if (status !== 'completed' && status != null) {",
			"if (status === 'none') {",
			'a failed response is a success',
		],
	]),
	...breakages('core/upstreams/responses/output-items.ts', responses, [
		[
			'placed?.type === type && !placed.done',
			'placed?.type === type && placed.done',
			'an item whose id changes comes twice',
		],
	]),
	...breakages('core/upstreams/responses/search-results.ts', responses, [
		["raw.status === 'failed'", "raw.status === ''", 'a failed search found nothing'],
		["if ((action.type ?? 'search') !== 'search') return false", '', 'opened pages are searches'],
	]),
	...breakages('core/upstreams/responses/web-search.ts', responses, [
		['ws_`', '`', 'searches of Anthropic go back as our own'],
	]),
	...breakages('core/upstreams/responses/stream.ts', responses, [
		["case 'response.failed':", "case 'response.broken':", 'a failure is passed over'],
		["case 'response.incomplete':", "case 'response.cut':", 'an answer at its limit is an error'],
	]),
	...breakages(
		'core/upstreams/responses/learn.ts',
		['core/upstreams/responses'],
		[
			[
				"const named = /encrypted content is not supported/i.test(text) ? [...fields, 'include'] : fields",
				'const named = fields',
				'encrypted content is asked for again',
			],
			[
				'lasting: false }]\n\t}\n\tconst schemas',
				'lasting: true }]\n\t}\n\tconst schemas',
				'one schema makes all tools loose',
			],
		],
	),
]
