import { breakages, contract, type Mutation } from './mutation.ts'

const openai = contract('openai')
const responses = contract('responses')
const own = ['core/upstreams/shared']

/** What several upstream types share. */
export const sharedMutations: readonly Mutation[] = [
	...breakages('core/upstreams/shared/system.ts', openai, [
		['!isBillingHeader(text) && isFilled', 'isFilled', 'the billing block leaves'],
		['if (!isBillingHeader(text)) return text', 'return text', 'the billing line leaves'],
		["join('\\n\\n')", "join('')", 'system blocks run together', responses],
	]),
	...breakages('core/upstreams/shared/tool-names.ts', openai, [
		[
			'name.length <= rules.maxLength && rules.legal.test(name)',
			'rules.legal.test(name)',
			'long names leave',
		],
		[
			'name.length <= rules.maxLength && rules.legal.test(name)',
			'name.length <= rules.maxLength',
			'illegal names leave',
		],
		['if (candidate !== name) renamed.set(candidate, name)', '', 'shortened names come back'],
		['salt = 1; taken.has(candidate)', 'salt = 1; !candidate', 'two tools share a name', own],
	]),
	...breakages('core/upstreams/shared/tool-pairs.ts', openai, [
		[
			'candidates.find(pair => pair.result === undefined)',
			'candidates[0]',
			'the second result of an id takes the first’s place',
		],
		[
			'latest.set(id, group)',
			'latest.set(id, latest.get(id) ?? group)',
			'an id used again means the old call',
		],
		[
			'return JSON.stringify(one?.content) === JSON.stringify(other.content)',
			'return one === other',
			'a repeated result is said twice',
		],
		[
			"if (uniqueWithin === 'message') taken.clear()",
			'taken.clear()',
			'ids repeat in a conversation',
			responses,
		],
		['const maxIdLength = 40', 'const maxIdLength = 400', 'long ids leave', responses],
	]),
	...breakages('core/upstreams/shared/tool-results.ts', openai, [
		['return `Error: ', 'return `', 'a failed result reads like a success'],
		["export const emptyResult = '(no output)'", "export const emptyResult = ''", 'an empty result is empty'],
		['result.tool_use_id', "''", 'an orphaned result does not tell its call'],
	]),
	...breakages('core/upstreams/shared/history.ts', openai, [
		["if (input.trim() === '') return {}", '', 'a blank input is a raw one'],
		["joined === '' || cited || isCited ? text", "joined === '' ? text", 'cited sentences fall apart'],
	]),
	...breakages('core/upstreams/shared/content.ts', openai, [
		[
			"if (piece.kind !== 'text' || piece.text.trim() !== '') pieces.push(piece)",
			'pieces.push(piece)',
			'empty texts leave',
		],
		["'encrypted_content',", '', 'encrypted results are shown as text', responses],
	]),
	...breakages('core/upstreams/shared/documents.ts', openai, [
		["source.media_type.startsWith('text/')", "source.media_type === ''", 'a text document is a file'],
		["return [...context(block), { kind: 'file'", "return [{ kind: 'file'", 'the context of a PDF is lost'],
		[
			"if (options.files === 'inline-and-url') return",
			"if (options.files === 'none') return",
			'a document’s address is lost',
			responses,
		],
	]),
	...breakages('core/upstreams/shared/parameters.ts', openai, [
		[
			'if (maxOutput === undefined || request.max_tokens <= maxOutput) return',
			'return',
			'max_tokens is not clamped',
		],
		['hash(user)', 'user', 'the user’s id leaves as cache key'],
		['if (isReasoning) {', 'if (!isReasoning) {', 'sampling goes to the wrong models'],
	]),
	...breakages('core/upstreams/shared/openai-usage.ts', openai, [
		[
			'if (cached + written <= prompt) return prompt - cached - written',
			'if (cached + written <= prompt) return prompt',
			'cached tokens count twice',
		],
		[
			'return cached <= prompt ? prompt - cached : prompt',
			'return prompt - cached',
			'input tokens are negative',
		],
		[
			'missing === reasoning ? completion + reasoning : completion',
			'completion',
			'reasoning counted apart is lost',
			own,
		],
	]),
	...breakages('core/upstreams/shared/output-schema.ts', openai, [
		['schema.additionalProperties !== false ||', '', 'loose schemas are called strict'],
	]),
	...breakages('core/upstreams/shared/openai-error.ts', openai, [
		[
			'message: tooLong ? tooLongMessage(sentence) : sentence',
			'message: sentence',
			'an overflow does not read "prompt is too long"',
		],
		['[/insufficient_quota|rate_limit|', '[/', 'a rate limit loses its kind', responses],
	]),
	...breakages('core/upstreams/shared/reasoning-effort.ts', openai, [
		["if (thinking?.type === 'disabled') return 'none'", '', 'disabled thinking thinks'],
		["if (budget < 4000) return 'low'", '', 'small budgets think more'],
	]),
	...breakages(
		'core/upstreams/shared/refusals.ts',
		['core/upstreams/responses'],
		[["'thread_unsupported_request'", "'thread_not_found'", 'the SDK does not go on without threads']],
	),
	...breakages('core/upstreams/shared/tool-schema.ts', openai, [
		["if (isArray && schema.items === undefined) set('items', {})", '', 'arrays without items leave'],
		[
			'properties: isRecord(completed.properties) ? completed.properties : {}',
			'properties: {}',
			'properties of an untyped schema are lost',
		],
	]),
	...breakages('core/upstreams/shared/openai-tools.ts', openai, [
		['if (forced || only) {', 'if (forced && only) {', 'a forced server tool is left out'],
		["tool.type === 'custom' ||", '', 'custom tools without a schema are left out', responses],
	]),
	...breakages('core/upstreams/shared/base-url.ts', own, [
		['replace(rules.pasted, ', "replace('rules.pasted', ", 'a pasted endpoint is called twice'],
		["verbatim || hasVersion(base, rules.versionAt) ? ''", "verbatim ? ''", 'the version stands twice'],
	]),
]
