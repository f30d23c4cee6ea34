import { createInterface } from 'node:readline'

/**
 * A small MCP server over stdio whose tools have names of 74 characters once Claude Code has put its prefix before
 * them, and schemas as odd as they occur: https://modelcontextprotocol.io/specification
 */
const longName = `look_up_${'a'.repeat(74 - 'mcp__odd__look_up_'.length)}`

const tools = [
	{
		name: longName,
		description: 'Looks something up',
		inputSchema: {
			$schema: 'http://json-schema.org/draft-07/schema#',
			type: 'object',
			properties: {
				topic: { type: ['string', 'null'] },
				mode: { anyOf: [{ const: 'fast' }, { const: 'deep' }] },
				tree: { $ref: '#/definitions/node' },
				anything: {},
				count: { type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991 },
				names: { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: {} },
			},
			required: ['topic'],
			additionalProperties: false,
			definitions: {
				node: {
					type: 'object',
					properties: { next: { $ref: '#/definitions/node' }, title: { type: 'string' } },
				},
			},
		},
	},
	{ name: 'no_properties', description: '', inputSchema: { type: 'object' } },
]

const answers: Record<string, (parameters: { name?: string; protocolVersion?: string }) => unknown> = {
	initialize: ({ protocolVersion }) => ({
		protocolVersion,
		capabilities: { tools: {} },
		serverInfo: { name: 'odd', version: '1.0.0' },
	}),
	'tools/list': () => ({ tools }),
	'tools/call': ({ name }) => ({
		content: [{ type: 'text', text: name === longName ? 'looked up: 42' : 'unknown tool' }],
	}),
}

createInterface({ input: process.stdin }).on('line', line => {
	const { id, method, params = {} } = JSON.parse(line)
	if (id === undefined) return
	const answer = answers[method]
	const body = answer
		? { result: answer(params) }
		: { error: { code: -32601, message: `no method ${method}` } }
	process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`)
})
