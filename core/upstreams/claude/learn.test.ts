import { describe, expect, test } from 'vitest'
import type { LearnedFact } from '../../config/learned-facts.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'

const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
const full = {
	model: 'claude-opus-5',
	max_tokens: 200_000,
	temperature: 0.5,
	top_p: 0.9,
	thinking: { type: 'adaptive', block_binding: {} },
	context_management: { edits: [] },
	output_config: { effort: 'high' },
	tools: [{ name: 'a', input_schema: { type: 'object' }, defer_loading: true, input_examples: [] }],
	tool_choice: { type: 'auto', disable_parallel_tool_use: false },
	system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', scope: 'global' } }],
	messages: [
		{
			role: 'user',
			content: [
				{ type: 'text', text: 'Hi' },
				{ type: 'tool_result', content: [png] },
			],
		},
		{ role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: 'x' }] },
		{ role: 'system', content: 'Be brief.' },
	],
}
const betas = 'claude-code-20250219,prompt-caching-scope-2026-01-05,structured-outputs-2025-12-15'

function learnFrom(message: string, sent: object = full) {
	const body = JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } })
	const outgoing = {
		method: 'POST' as const,
		url: 'http://x',
		headers: { 'anthropic-beta': betas },
		body: new TextEncoder().encode(JSON.stringify(sent)),
	}
	return learn(readFailure({ status: 400, headers: {}, body }), outgoing)
}

const noField = (path: string): LearnedFact => ({ kind: 'no-field', path })

describe('what Anthropic and its imitators refuse', () => {
	test.each<[string, string, LearnedFact]>([
		[
			'trap 12 (anthropics/claude-code#21612)',
			'context_management: Extra inputs are not permitted',
			noField('context_management'),
		],
		[
			'anthropics/claude-code#31033',
			'tools.0.custom.defer_loading: Extra inputs are not permitted',
			noField('tools.*.defer_loading'),
		],
		[
			'anthropics/claude-code#11678',
			'tools.0.custom.input_examples: Extra inputs are not permitted',
			noField('tools.*.input_examples'),
		],
		[
			'Vertex',
			'system.0.cache_control.ephemeral.scope: Extra inputs are not permitted',
			noField('system.*.cache_control.scope'),
		],
		[
			'Bedrock (BerriAI/litellm#41203)',
			'thinking.adaptive.block_binding: Extra inputs are not permitted',
			noField('thinking.block_binding'),
		],
		[
			'Bedrock (anthropics/anthropic-sdk-python#739)',
			'Malformed input request: #: subject must not be valid against schema {"required":["messages"]}#/tool_choice: extraneous key [disable_parallel_tool_use] is not permitted, please reformat your input and try again.',
			noField('tool_choice.disable_parallel_tool_use'),
		],
		['newer models', '`temperature` is deprecated for this model.', noField('temperature')],
		[
			'claude-opus-4-1',
			'`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
			noField('top_p'),
		],
		[
			'claude-haiku-4-5',
			'This model does not support the effort parameter.',
			noField('output_config.effort'),
		],
		[
			'a limit',
			'max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4-5',
			{ kind: 'token-limit', limit: 64_000 },
		],
		['thinking', 'adaptive thinking is not supported on this model', { kind: 'thinking-type', type: 'none' }],
		['role system', "role 'system' is not supported on this model", { kind: 'no-role', role: 'system' }],
		[
			'DeepSeek (aattaran/deepclaude#29)',
			'Failed to deserialize the JSON body into the target type: messages[2].role: unknown variant `system`, expected `user` or `assistant` at line 1 column 1932',
			{ kind: 'no-role', role: 'system' },
		],
		[
			'pydantic',
			"messages.2.role: Input should be 'user' or 'assistant'",
			{ kind: 'no-role', role: 'system' },
		],
		[
			'Ollama (ollama/ollama#17301)',
			'this model does not support image input (ref: b8bd630e-4a39-4b57-82af-9158ee9d5703)',
			{ kind: 'no-media', media: 'image' },
		],
	])('%s: %s', (_source, message, fact) => {
		expect(learnFrom(message)).toEqual([{ fact, lasting: true }])
	})

	test('thinking with a budget where only adaptive thinking is left', () => {
		const message =
			'"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
		expect(learnFrom(message, { ...full, thinking: { type: 'enabled', budget_tokens: 2000 } })).toEqual([
			{ fact: { kind: 'thinking-type', type: 'adaptive' }, lasting: true },
		])
	})

	test.each([
		"thinking: Input tag 'adaptive' found using 'type' does not match any of the expected tags: 'disabled', 'enabled'",
		"thinking.type: Input should be 'enabled' or 'disabled'",
		'Failed to deserialize the JSON body into the target type: thinking.type: unknown variant `adaptive`, expected `enabled` or `disabled` at line 1 column 93',
	])('a kind of thinking that the upstream does not know is left out: %s', message => {
		expect(learnFrom(message)).toEqual([{ fact: { kind: 'thinking-type', type: 'none' }, lasting: true }])
	})

	test('a budget is given up for adaptive thinking where that is among the kinds that are known', () => {
		const message =
			"thinking: Input tag 'enabled' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled'"
		expect(learnFrom(message, { ...full, thinking: { type: 'enabled', budget_tokens: 2000 } })).toEqual([
			{ fact: { kind: 'thinking-type', type: 'adaptive' }, lasting: true },
		])
	})

	test('what is said of a thinking block in the history is not about the kind of thinking', () => {
		const message =
			"messages.1.content.0: Input tag 'thinking' found using 'type' does not match any of the expected tags: 'text'"
		expect(learnFrom(message)).toEqual([])
	})

	test('a rule for clearing thinking that is not asked for (anthropics/claude-code#11971)', () => {
		const message = '`clear_thinking_20251015` strategy requires `thinking` to be enabled or adaptive'
		const context_management = { edits: [{ type: 'clear_thinking_20251015' }] }
		expect(learnFrom(message, { ...full, thinking: undefined, context_management })).toEqual([
			{ fact: noField('context_management'), lasting: false },
		])
	})

	test.each([
		["output_config.effort: Input should be 'low', 'medium' or 'high'", 'output_config.effort'],
		['output_config.effort: effort level high is not supported for this model', 'output_config.effort'],
		["messages.2.output_config.effort: Input should be 'low'", 'messages.*.output_config.effort'],
	])('an effort too many is left out of this request, others may be taken: %s', (message, path) => {
		const messages = full.messages.map(one => ({ ...one, output_config: { effort: 'high' } }))
		const sent = { ...full, messages }
		expect(learnFrom(message, sent)).toEqual([{ fact: noField(path), lasting: false }])
	})

	test('every unknown beta of a list (QuantumNous/new-api#2975)', () => {
		const message =
			'Unexpected value(s) `prompt-caching-scope-2026-01-05`, `structured-outputs-2025-12-15` for the `anthropic-beta` header. Please consult our documentation at docs.anthropic.com or try again without the header.'
		expect(learnFrom(message)).toEqual([
			{ fact: { kind: 'no-beta', beta: 'prompt-caching-scope-2026-01-05' }, lasting: true },
			{ fact: { kind: 'no-beta', beta: 'structured-outputs-2025-12-15' }, lasting: true },
		])
	})

	test('Bedrock does not say which beta (quarkiverse/quarkus-langchain4j#2132)', () => {
		expect(learnFrom('{"message":"invalid beta flag"}')).toEqual([
			{ fact: { kind: 'no-beta', beta: '*' }, lasting: true },
		])
	})
})

describe('thinking signed elsewhere (trap 8)', () => {
	test.each([
		'messages.1.content.0: Invalid `signature` in `thinking` block',
		'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
		'messages.1.content.0.thinking.signature: Field required',
		'messages.1.content.0.thinking: each thinking block must contain thinking',
		'messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.',
		'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is enabled, a final `assistant` message must start with a thinking block',
	])('%s: repaired in this request only', message => {
		expect(learnFrom(message)).toEqual([{ fact: { kind: 'foreign-thinking' }, lasting: false }])
	})

	test('without thinking in the history nothing is learned', () => {
		const sent = { ...full, messages: [{ role: 'user', content: 'Hi' }] }
		expect(learnFrom('Invalid `signature` in `thinking` block', sent)).toEqual([])
	})
})

test.each(['messages.1.content.1.tool_use.id', 'messages.2.content.0.tool_result.tool_use_id'])(
	'ids of another upstream’s calls at %s: repaired in this request only (earendil-works/pi#9048)',
	path => {
		const content = [{ type: 'tool_result', tool_use_id: 'functions.Bash:0', content: 'ok' }]
		const sent = { ...full, messages: [{ role: 'user', content }] }
		const message = `${path}: String should match pattern '^[a-zA-Z0-9_-]+$'`
		expect(learnFrom(message)).toEqual([])
		expect(learnFrom(message, sent)).toEqual([{ fact: { kind: 'foreign-tool-ids' }, lasting: false }])
		expect(
			learnFrom("tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'", sent),
		).toEqual([])
	},
)

describe('searches of another service', () => {
	const result = { type: 'web_search_result', title: 'T', url: 'https://t', encrypted_content: '' }
	const searched = {
		...full,
		messages: [{ role: 'assistant', content: [{ type: 'web_search_tool_result', content: [result] }] }],
	}

	test.each([
		'messages.1.content.0: Invalid encrypted_content in search_result block',
		'messages.1.content.2: Invalid `encrypted_index` in `web_search_result_location` citation',
	])('%s: repaired in this request only (code-yeongyu/senpi#150)', message => {
		expect(learnFrom(message, searched)).toEqual([{ fact: { kind: 'foreign-search' }, lasting: false }])
		expect(learnFrom(message)).toEqual([])
	})
})

test.each([
	'messages: Extra inputs are not permitted',
	'model: Extra inputs are not permitted',
	'tools.0.custom.input_schema: Extra inputs are not permitted',
	'messages.0.content.0.text.text: Extra inputs are not permitted',
	'unknown_field: Extra inputs are not permitted',
	'messages: text content blocks must be non-empty',
	'messages.3: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.',
	'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again',
	'prompt is too long: 208310 tokens > 200000 maximum',
	'tools: Tool names must be unique.',
])('%s teaches nothing', message => {
	expect(learnFrom(message)).toEqual([])
})
