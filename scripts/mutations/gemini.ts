import { breakages, contract, type Mutation } from './mutation.ts'

const gemini = contract('gemini')

export const geminiMutations: readonly Mutation[] = [
	...breakages('core/upstreams/gemini/contents.ts', gemini, [
		[
			'open.findIndex(call => call.id === block.tool_use_id)',
			'open.length - 1',
			'results answer other calls',
		],
		[
			'return [...responses, ...media]',
			'return [...media, ...responses]',
			'images come before the responses',
		],
		["role === 'system' ? parts.map(toReminder) : parts", 'parts', 'reminders are the user’s words'],
		[
			'if (last?.role === role) last.parts.push(...parts)\n\telse',
			'',
			'two turns of one side follow each other',
		],
	]),
	...breakages('core/upstreams/gemini/model-turn.ts', gemini, [
		['if (options.strict && firstCall)', 'if (firstCall)', 'Gemini 2.5 gets the sentinel'],
		['if (first && waiting !== undefined) {', 'if (first && waiting === null) {', 'signatures do not return'],
		['...(strict && { id: block.id })', '...(!strict && { id: block.id })', 'calls lose their ids'],
	]),
	...breakages('core/upstreams/gemini/usage.ts', gemini, [
		[
			'const fresh = prompt - (cached !== undefined && cached <= prompt ? cached : 0)',
			'const fresh = prompt',
			'cached tokens count twice',
		],
		[': (answer ?? 0) + (thoughts ?? 0)', ': (answer ?? 0)', 'thoughts do not count'],
	]),
	...breakages('core/upstreams/gemini/finish-reason.ts', gemini, [
		["MAX_TOKENS: 'max_tokens'", "MAX_TOKENS: 'end_turn'", 'the limit reads like the end'],
		["['SAFETY', ", '[', 'a block for safety is a fault'],
		["'RECITATION', ", '', 'a recitation is a fault'],
	]),
	...breakages('core/upstreams/gemini/generation-config.ts', gemini, [
		['given.slice(0, maxStopSequences)', 'given', 'six stop sequences leave'],
		['Math.min(request.max_tokens, limit)', 'request.max_tokens', 'max_tokens is not clamped'],
		[
			'if (hasFunctions && !isThirdGeneration(model)) {',
			'if (hasFunctions && !model) {',
			'a schema is bound beside tools',
		],
	]),
	...breakages('core/upstreams/gemini/json-schema.ts', gemini, [
		["...(node.format === 'date-time' && { format: 'date-time' }),", '', 'the date-time format is lost'],
		['Math.floor(exclusive) + 1', 'Math.floor(exclusive)', 'an exclusive limit becomes inclusive'],
		['.filter(name => Object.hasOwn(source, name))', '', 'properties are required that do not exist'],
		[
			'for (const key of telling) if (node[key] !== undefined) context.dropped.add(key)',
			'',
			'a lost pattern is not noted',
		],
	]),
	...breakages(
		'core/upstreams/gemini/url.ts',
		['core/upstreams/gemini'],
		[
			["'?alt=sse'", "''", 'a stream comes as one JSON array'],
			['/^(?:key|alt)(?:=|$)/i', '/^alt(?:=|$)/i', 'a key stays in the URL'],
		],
	),
	...breakages('core/upstreams/gemini/answer.ts', gemini, [
		['if (part.thought === true) this.#think(part.text, signature)\n\t\t\telse', '', 'thoughts are text'],
		[
			'if (!this.#spoke) this.#say(`Gemini',
			'if (this.#spoke) this.#say(`Gemini',
			'a blocked answer says nothing',
		],
		["else if (ending.kind === 'broken') this.#endBroken(reason)", '', 'a broken call is a success'],
		['this.#context.toolNames.get(name) ?? name', 'name', 'shortened names come back'],
		[
			"if (signature !== '') this.#sign(signature, 'call')\n\t\tconst key",
			'const key',
			'the signature of a call is lost',
		],
	]),
	...breakages('core/upstreams/gemini/parts.ts', gemini, [
		['if (inlineTypes.test(mimeType)) return', 'return', 'a GIF leaves'],
	]),
	...breakages('core/upstreams/gemini/thinking.ts', gemini, [
		[
			'Math.min(budget, range.max, maxOutputTokens - 1)',
			'Math.min(budget, range.max)',
			'the budget exceeds max_tokens',
		],
		["request.thinking?.display !== 'omitted'", 'true', 'thoughts are asked for that nobody sees'],
		['if (budget < 4096) return', 'if (budget < 1) return', 'small budgets think more'],
	]),
]
