import * as fc from './fast-check.ts'

const word = fc.constantFrom('', ' ', 'a', 'Hello.', '{"a":1}', '\n', '天气')
const id = fc.constantFrom('a', 'b', 'c', 'x'.repeat(60), 'functions.Bash:0')
const toolName = fc.constantFrom('Read', 'web_search', 'mcp.a:b', 'y'.repeat(90), '天气')
const source = fc.constantFrom(
	{ type: 'base64', media_type: 'image/png', data: 'aWltYWdl' },
	{ type: 'url', url: 'https://x.example/a.png' },
	{ type: 'file', file_id: 'file_1' },
)
const documentSource = fc.constantFrom(
	{ type: 'base64', media_type: 'application/pdf', data: 'cGRm' },
	{ type: 'base64', media_type: 'text/plain', data: 'not base64!' },
	{ type: 'text', data: 'text' },
	{ type: 'content', content: [{ type: 'text', text: '' }] },
	{ type: 'url', url: 'https://x.example/a.pdf' },
	{ type: 'file', file_id: 'file_1' },
)
const text = fc.record({ type: fc.constant('text'), text: word })
const image = fc.record({ type: fc.constant('image'), source })
const document = fc.record({ type: fc.constant('document'), source: documentSource, title: fc.option(word) })
const reference = fc.record({ type: fc.constant('tool_reference'), tool_name: toolName })
const found = fc.record({
	type: fc.constant('search_result'),
	source: word,
	title: word,
	content: fc.array(text, { maxLength: 2 }),
})
const result = fc.record({
	type: fc.constant('tool_result'),
	tool_use_id: id,
	content: fc.oneof(
		word,
		fc.constant(null),
		fc.array(fc.oneof(text, image, document, reference, found), { maxLength: 3 }),
	),
	is_error: fc.option(fc.boolean()),
})
const use = fc.record({
	type: fc.constant('tool_use'),
	id,
	name: toolName,
	input: fc.constantFrom({}, { a: 1 }, null, '', '{"a":', '{"a":1}'),
})
const thinking = fc.record({ type: fc.constant('thinking'), thinking: word, signature: fc.option(word) })
const other = fc.constantFrom(
	{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
	{ type: 'odd' },
)
const block = fc.oneof(text, image, document, result, result, use, use, thinking, reference, found, other)
const message = fc.record({
	role: fc.constantFrom('user', 'assistant', 'assistant', 'user', 'system'),
	content: fc.oneof(word, fc.array(block, { maxLength: 5 })),
})
const schema = fc.constantFrom(
	null,
	{ type: 'object' },
	{ type: 'object', properties: { list: { type: 'array' }, title: { type: 'string' } }, required: ['list'] },
)
const tools = fc.uniqueArray(
	fc.oneof(
		fc.record({ name: toolName, description: word, input_schema: schema, defer_loading: fc.boolean() }),
		fc.constant({ type: 'web_search_20250305', name: 'web_search' }),
		fc.constant({ type: 'function', function: { name: 'f', description: null } }),
	),
	{ selector: tool => ('name' in tool ? tool.name : 'f'), maxLength: 4 },
)
/**
 * Requests that a client could send, odd ones among them: unanswered calls, orphaned results, illegal names, empty
 * texts, broken base64, blocks of any type in any turn.
 */
export const anyRequest = fc.record(
	{
		messages: fc.array(message, { minLength: 1, maxLength: 8 }),
		system: fc.oneof(word, fc.array(text, { maxLength: 2 })),
		tools,
		tool_choice: fc.constantFrom(
			{ type: 'auto', disable_parallel_tool_use: true },
			{ type: 'any' },
			{ type: 'none' },
			null,
		),
		max_tokens: fc.constantFrom(1, 4096, 128_000),
		temperature: fc.constantFrom(0, 1, 2),
		top_k: fc.constant(5),
		stop_sequences: fc.array(word, { maxLength: 6 }),
		thinking: fc.constantFrom({ type: 'adaptive' }, { type: 'enabled', budget_tokens: 5000 }),
		output_config: fc.constantFrom(
			{ effort: 'max' },
			{ format: { type: 'json_schema', schema: { type: 'object' } } },
		),
		metadata: fc.constant({ user_id: 'u'.repeat(150) }),
	},
	{ requiredKeys: ['messages'] },
)

/** The same with thinking of the upstream type's own making put anywhere into the model's turns. */
export const withThoughts = (thought: fc.Arbitrary<object>) =>
	fc
		.tuple(anyRequest, fc.array(fc.tuple(fc.nat(8), fc.nat(5), thought), { maxLength: 5 }))
		.map(([body, thoughts]) => {
			const messages = body.messages.map(message => ({ ...message })) as {
				role: string
				content: string | object[]
			}[]
			for (const [at, position, thought] of thoughts) {
				const message = messages[at % messages.length]
				if (message?.role !== 'assistant' || typeof message.content === 'string') continue
				message.content = [...message.content.slice(0, position), thought, ...message.content.slice(position)]
			}
			return { ...body, messages }
		})
