import { afterAll, beforeAll, test } from 'vitest'
import { type ScriptedUpstream, startAnthropicUpstream } from '../index.ts'
import {
	assistant,
	base,
	expectRefusal,
	mark,
	newest,
	type Refused,
	result,
	says,
	talk,
	text,
	tool,
	use,
	user,
} from './test-requests.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
	upstream = await startAnthropicUpstream()
})
afterAll(() => upstream.close())

const foreign = { type: 'thinking', thinking: 'x', signature: Buffer.from('elsewhere').toString('base64') }
const budget = { thinking: { type: 'enabled', budget_tokens: 1024 } }

const thinking: Refused[] = [
	[
		'a signature of another server',
		talk(user, assistant(foreign, use('a')), says(result('a'))),
		'messages.1.content.0: Invalid `signature` in `thinking` block',
	],
	[
		'an empty signature',
		talk(user, assistant({ ...foreign, signature: '' }, text('x')), user),
		'messages.1.content.0: Invalid `signature` in `thinking` block',
	],
	[
		'redacted thinking of another server',
		talk(user, assistant({ type: 'redacted_thinking', data: 'x' }, text('x')), user),
		'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
	],
	[
		'a tool turn that does not begin with thinking',
		{ ...talk(user, assistant(use('a')), says(result('a'))), ...budget },
		/^messages\.1\.content\.0\.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`/,
	],
	[
		'a budget that is max_tokens',
		{ ...base, max_tokens: 1024, ...budget },
		/^`max_tokens` must be greater than `thinking\.budget_tokens`/,
	],
	[
		'a budget on the newest model',
		{ ...newest, ...budget },
		'"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
	],
	[
		'adaptive thinking on an older model',
		{ ...base, thinking: { type: 'adaptive' } },
		'adaptive thinking is not supported on this model',
	],
	[
		'a temperature with thinking',
		{ ...base, ...budget, temperature: 0.5 },
		'`temperature` may only be set to 1 when thinking is enabled.',
	],
	['top_k with thinking', { ...base, ...budget, top_k: 5 }, /`top_k` must be unset/],
	[
		'a forced tool with thinking',
		{ ...base, ...budget, tools: [tool()], tool_choice: { type: 'any' } },
		'Thinking may not be enabled when tool_choice forces tool use.',
	],
]

const others: Refused[] = [
	[
		'five cache marks',
		{ ...base, system: [1, 2, 3, 4].map(n => text(`${n}`, mark())), messages: [says(text('x', mark()))] },
		'A maximum of 4 blocks with cache_control may be provided. Found 5.',
	],
	[
		'a long cache mark after a short one',
		{ ...base, system: [text('x', mark())], messages: [says(text('y', mark('1h')))] },
		/^messages\.0\.content\.0\.cache_control\.ttl: a ttl='1h'/,
	],
	['two tools of one name', { ...base, tools: [tool(), tool()] }, 'tools: Tool names must be unique.'],
	[
		'anyOf at the top of a schema',
		{ ...base, tools: [tool({ input_schema: { type: 'object', anyOf: [] } })] },
		'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level',
	],
	[
		'a property name with a space',
		{ ...base, tools: [tool({ input_schema: { type: 'object', properties: { 'a b': {} } } })] },
		/Property keys should match pattern/,
	],
	[
		'tool_choice without tools',
		{ ...base, tool_choice: { type: 'auto' } },
		'tool_choice: tool_choice may only be specified while providing tools.',
	],
	[
		'a choice of a tool that is not there',
		{ ...base, tools: [tool()], tool_choice: { type: 'tool', name: 'g' } },
		/'g' not found in provided tools/,
	],
	[
		'more tokens than the model has',
		{ ...base, max_tokens: 128_000 },
		'max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5',
	],
	[
		'temperature beside top_p',
		{ ...base, temperature: 0.5, top_p: 0.5 },
		'`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
	],
	[
		'a temperature on the newest model',
		{ ...newest, temperature: 0.5 },
		'`temperature` is deprecated for this model.',
	],
	[
		'a prefill on the newest model',
		{ ...newest, messages: [user, { role: 'assistant', content: 'Sure' }] },
		/does not support assistant message prefill/,
	],
	[
		'a stop sequence of spaces',
		{ ...base, stop_sequences: [' '] },
		'stop_sequences: each stop sequence must contain non-whitespace',
	],
]

test.for([...thinking, ...others])('refuses %s', refused => expectRefusal(upstream, refused))
