import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ScriptedUpstream, startAnthropicUpstream } from '../index.ts'
import {
	assistant,
	base,
	expectRefusal,
	mark,
	newest,
	post,
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

const system = { role: 'system', content: 'now be brief' }
const midSystem = { 'anthropic-beta': 'mid-conversation-system-2026-04-07' }

const messages: Refused[] = [
	['no message', talk(), 'messages: at least one message is required'],
	[
		'an assistant message first',
		talk(assistant(text('x')), user),
		'messages: first message must use the "user" role',
	],
	[
		'empty content',
		talk({ role: 'user', content: '' }),
		/^messages\.0: all messages must have non-empty content/,
	],
	['an empty text block', talk(says(text(''))), 'messages: text content blocks must be non-empty'],
	[
		'a text block of spaces',
		talk(says(text(' \n'))),
		'messages: text content blocks must contain non-whitespace text',
	],
	[
		'an empty text block in system',
		{ ...base, system: [text('')] },
		'system: text content blocks must be non-empty',
	],
	[
		'an empty text block in a result',
		talk(user, assistant(use('a')), says({ ...result('a'), content: [text('')] })),
		'messages: text content blocks must be non-empty',
	],
	[
		'spaces at the end of a prefill',
		{ ...talk(user, { role: 'assistant', content: 'Sure ' }), model: 'claude-sonnet-4-5' },
		'messages: final assistant content cannot end with trailing whitespace',
	],
	[
		'a tool_use of the user',
		talk(says(use('a'))),
		'messages.0: `tool_use` blocks can only be in `assistant` messages',
	],
	[
		'a tool_result of the assistant',
		talk(user, assistant(result('a'))),
		'messages.1: `tool_result` blocks can only be in `user` messages',
	],
	['a system message on an older model', talk(user, system), "role 'system' is not supported on this model"],
	[
		'a system message without the beta on 4.8',
		{ ...talk(user, system), model: 'claude-opus-4-8' },
		"role 'system' is not supported on this model",
	],
	[
		'a system message first',
		{ ...newest, messages: [system, user] },
		/^messages\.0: use the top-level 'system' parameter/,
	],
	[
		'a system message before a user message',
		{ ...newest, messages: [user, system, user] },
		"messages.1: role 'system' must precede an 'assistant' message or end the array",
		midSystem,
	],
]

const pairs: Refused[] = [
	[
		'a call without a result',
		talk(user, assistant(use('a')), user),
		/^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: a\. Each/,
	],
	[
		'a call as the last message',
		{ ...talk(user, assistant(use('a'))), model: 'claude-sonnet-4-5' },
		/ids were found without `tool_result` blocks immediately after: a\./,
	],
	[
		'one result for two calls',
		talk(user, assistant(use('a'), use('b')), says(result('a'))),
		/immediately after: b\./,
	],
	[
		'text before the results',
		talk(user, assistant(use('a')), says(text('x'), result('a'))),
		/immediately after: a\./,
	],
	[
		'a result without a call',
		talk(says(result('a'))),
		/^messages\.0\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: a\./,
	],
	[
		'a result for an earlier call',
		talk(user, assistant(use('a')), says(result('a')), assistant(text('x')), says(result('a'))),
		/^messages\.4\.content\.0: unexpected `tool_use_id`/,
	],
	[
		'two results for one call',
		talk(user, assistant(use('a')), says(result('a'), result('a'))),
		/each tool_use must have a single result/,
	],
	[
		'two calls of one id',
		talk(user, assistant(use('a'), use('a')), says(result('a'))),
		'messages: `tool_use` ids must be unique',
	],
]

test.for([...messages, ...pairs])('refuses %s', refused => expectRefusal(upstream, refused))

describe('what is taken', () => {
	test.for<[string, object, Record<string, string>?]>([
		[
			'parallel calls with results in any order',
			talk(user, assistant(use('a'), use('b')), says(result('b'), result('a'), text('and?'))),
		],
		[
			'results over two messages',
			talk(user, assistant(use('a'), use('b')), says(result('a')), says(result('b'))),
		],
		['messages of one role in a row', talk(user, user, assistant(text('x')), user)],
		[
			'a prefill on 4.5',
			{ ...talk(user, { role: 'assistant', content: 'Sure' }), model: 'claude-sonnet-4-5' },
		],
		['a system message with its beta on 4.8', { ...talk(user, system), model: 'claude-opus-4-8' }, midSystem],
		[
			'a system message on the newest model',
			{ ...newest, messages: [user, system, assistant(text('x')), user] },
		],
		[
			'four cache marks',
			{
				...base,
				tools: [tool(mark('1h'))],
				system: [text('x', mark('1h'))],
				messages: [says(text('x', mark()), text('y', mark()))],
			},
		],
		['a web search', { ...base, tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }] }],
		[
			'adaptive thinking on the newest model',
			{ ...newest, thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } },
		],
		['empty tools', { ...base, tools: [] }],
	])('%s', async ([, body, headers]) => {
		const { status, error } = await post(upstream, body, headers)
		expect(error).toBeUndefined()
		expect(status).toBe(200)
	})
})
