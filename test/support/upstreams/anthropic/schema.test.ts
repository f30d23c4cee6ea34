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

const content = (...blocks: object[]) => ({ ...base, messages: [says(...blocks)] })
const tools = (...list: object[]) => ({ ...base, tools: list })
const image = (source: object) => content({ type: 'image', source })
const withBeta = (beta: string) => ({ 'anthropic-beta': beta })

const shapes: Refused[] = [
	[
		'an unknown member',
		{ ...base, frequency_penalty: 1 },
		'frequency_penalty: Extra inputs are not permitted',
	],
	[
		'an unknown member of a message',
		{ ...base, messages: [{ ...user, name: 'x' }] },
		'messages.0.name: Extra inputs are not permitted',
	],
	[
		'an unknown member of a block',
		content(text('x', { id: 'y' })),
		'messages.0.content.0.text.id: Extra inputs are not permitted',
	],
	[
		'an unknown member of a block in a result',
		{
			...base,
			messages: [user, assistant(use('a')), says({ ...result('a'), content: [text('x', { id: 'y' })] })],
		},
		'messages.2.content.0.tool_result.content.0.text.id: Extra inputs are not permitted',
	],
	[
		'an unknown member of a tool',
		tools(tool({ parameters: {} })),
		'tools.0.custom.parameters: Extra inputs are not permitted',
	],
	[
		'an unknown member of cache_control',
		{ ...base, system: [text('x', { cache_control: { type: 'ephemeral', scope: 'global' } })] },
		'system.0.cache_control.ephemeral.scope: Extra inputs are not permitted',
	],
	[
		'cache_control on thinking',
		{
			...base,
			messages: [
				user,
				assistant({ type: 'thinking', thinking: 'x', signature: 'y', ...mark() }, use('a')),
				says(result('a')),
			],
		},
		'messages.1.content.0.thinking.cache_control: Extra inputs are not permitted',
	],
	['no max_tokens', { ...base, max_tokens: undefined }, 'max_tokens: Field required'],
	['no model', { ...base, model: undefined }, 'model: Field required'],
	['no messages', { ...base, messages: undefined }, 'messages: Field required'],
	['no content', { ...base, messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
	[
		'thinking without a signature',
		{ ...base, messages: [user, assistant({ type: 'thinking', thinking: 'x' }, text('y')), user] },
		'messages.1.content.0.thinking.signature: Field required',
	],
	['a tool without a schema', tools({ name: 'f' }), 'tools.0.custom.input_schema: Field required'],
	[
		'a schema without a type',
		tools(tool({ input_schema: {} })),
		'tools.0.custom.input_schema.type: Field required',
	],
	[
		'a schema of another type',
		tools(tool({ input_schema: { type: 'string' } })),
		"tools.0.custom.input_schema.type: Input should be 'object'",
	],
	['zero tokens', { ...base, max_tokens: 0 }, 'max_tokens: Input should be greater than or equal to 1'],
	['tokens that are text', { ...base, max_tokens: '9' }, 'max_tokens: Input should be a valid integer'],
	[
		'a temperature above 1',
		{ ...base, temperature: 1.5 },
		'temperature: Input should be less than or equal to 1',
	],
	[
		'a role that is none',
		{ ...base, messages: [{ role: 'tool', content: 'x' }] },
		"messages.0.role: Input should be 'user' or 'assistant'",
	],
	[
		'content that is a number',
		{ ...base, messages: [{ role: 'user', content: 5 }] },
		'messages.0.content: Input should be a valid list',
	],
	[
		'a block without a type',
		content({ text: 'x' }),
		"messages.0.content.0: Unable to extract tag using discriminator 'type'",
	],
	[
		'a block that is none',
		content({ type: 'image_url', image_url: { url: 'x' } }),
		/^messages\.0\.content\.0: Input tag 'image_url' found using 'type' does not match any of the expected tags: 'text', 'image'/,
	],
	[
		"a tool in OpenAI's shape",
		tools({ type: 'function', function: { name: 'f' } }),
		/^tools\.0: Input tag 'function' found using 'type'/,
	],
	[
		'input that is text',
		{ ...base, messages: [user, assistant({ ...use('a'), input: '{}' }), says(result('a'))] },
		'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
	],
	[
		'an id with a dot',
		{ ...base, messages: [user, assistant(use('a.b')), says(result('a.b'))] },
		"messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
	],
	[
		'a tool name with a dot',
		tools(tool({ name: 'a.b' })),
		"tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
	],
	[
		'an image of another kind',
		image({ type: 'base64', media_type: 'image/bmp', data: 'AAAA' }),
		"messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
	],
	[
		'an image that is not base64',
		image({ type: 'base64', media_type: 'image/png', data: '@' }),
		/^messages\.0\.content\.0\.image\.source\.base64\.data: /,
	],
	[
		'an image by a file address',
		image({ type: 'url', url: 'file:///x' }),
		/Only HTTP and HTTPS URLs are supported/,
	],
	[
		'a budget below 1024',
		{ ...base, thinking: { type: 'enabled', budget_tokens: 100 } },
		'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
	],
	[
		'an effort that is none',
		{ ...newest, output_config: { effort: 'minimal' } },
		/^output_config\.effort: Input should be 'low'/,
	],
]

const betas: Refused[] = [
	[
		'an unknown beta',
		base,
		/^Unexpected value\(s\) `nonsense-2020-01-01` for the `anthropic-beta` header/,
		withBeta('nonsense-2020-01-01'),
	],
	[
		'context_management without its beta',
		{ ...base, context_management: { edits: [] } },
		'context_management: Extra inputs are not permitted',
	],
	[
		'an edit that is none',
		{ ...base, context_management: { edits: [{ type: 'x' }] } },
		/^context_management\.edits\.0: Input tag 'x'/,
		withBeta('context-management-2025-06-27'),
	],
	[
		'a display of a beta',
		{ ...newest, thinking: { type: 'adaptive', display: 'updates' } },
		"thinking.adaptive.display: Input should be 'summarized' or 'omitted'",
	],
	[
		'output_config of a message without its beta',
		{ ...newest, messages: [user, { role: 'system', content: 'x', output_config: {} }] },
		'messages.1.output_config: Extra inputs are not permitted',
	],
	[
		'output_config of a user message',
		{ ...newest, messages: [{ ...user, output_config: {} }] },
		'messages.0.output_config: Extra inputs are not permitted',
		withBeta('per-turn-control-2026-07-01'),
	],
	[
		'a thread without its beta',
		{ ...newest, thread: { type: 'create' } },
		'thread: Extra inputs are not permitted',
	],
]

test.for([...shapes, ...betas])('refuses %s', refused => expectRefusal(upstream, refused))
