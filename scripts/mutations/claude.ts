import { breakages, type Mutation } from './mutation.ts'

const claude = ['core/upstreams/claude']

/** The pass-through. */
export const claudeMutations: readonly Mutation[] = [
	...breakages('core/upstreams/claude/request.ts', claude, [
		[
			"if (!system || hostOf(target.baseUrl) === 'api.anthropic.com') return []",
			'if (!system) return []',
			'Anthropic’s own header block is dropped',
		],
		['anthropic-version|anthropic-beta|user-agent', 'anthropic-version|user-agent', 'betas are lost'],
		['x-app|x-stainless-.+)$/', 'x-app|cookie|x-stainless-.+)$/', 'cookies leave'],
		['...dropProxyThinking(input, notes),', '', 'Anthropic gets our signatures'],
		['...convertFunctionTools(input, notes),', '', 'tools in the shape of OpenAI leave'],
		[
			'return member && model !== undefined ?',
			'return member && model === null ?',
			'the model is not mapped',
		],
	]),
	...breakages('core/upstreams/claude/raw-thinking.ts', claude, [
		[
			'if (!demandsThinking(bytes, members)) return edits',
			'return edits',
			'a budget stays where thinking was dropped',
		],
		["type === 'thinking' || type === 'redacted_thinking'", "type === 'thinking'", 'redacted thinking stays'],
	]),
	...breakages('core/upstreams/claude/stream.ts', claude, [
		[
			"openingEvents.has(asText(event.type)) ? undefined : 'go'",
			"'go'",
			'an error after message_start cannot be retried',
		],
		["if (text.startsWith('<')) return", "if (text.startsWith('<<')) return", 'a web page is an answer'],
	]),
	...breakages('core/upstreams/claude/response.ts', claude, [
		[
			"if (typeof count === 'number') result[field] = count",
			'result[field] = count as number',
			'a null wipes a token count',
		],
		[
			"if (event.type === 'message_stop') reading.complete = true",
			'reading.complete = true',
			'a cut-off stream is complete',
		],
	]),
	...breakages('core/upstreams/claude/repair.ts', claude, [
		['if (room < leastBudget)', 'if (room < 0)', 'a budget below the least leaves'],
		["!== 'system') return []", "=== 'system') return []", 'users become reminders'],
		["fact.beta === '*' || fact.beta === beta)", "fact.beta === '*')", 'an unknown beta stays'],
	]),
]
