import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordedRequest, ScriptedAnswer } from '../../test/support/upstreams/index.ts'
import type { Run, Said } from './claude-code.ts'

/** One task for Claude Code: what the model says turn by turn, and what must have come of it. */
export interface Scenario {
	name: string
	runs: (work: string) => Run[]
	prepare?: (work: string) => Promise<void>
	turns: (work: string) => (ScriptedAnswer | ((request: RecordedRequest) => ScriptedAnswer))[]
	/** Sentences about what is wrong; empty when nothing is. */
	check: (outcome: Outcome) => Promise<string[]> | string[]
}

export interface Outcome {
	type: string
	work: string
	said: Said[]
	/** Message requests in order. */
	calls: RecordedRequest[]
}

const words = (text: string) => text.match(/\S+\s*/g) ?? []
const expect = (holds: boolean, problem: string) => (holds ? [] : [problem])
const lastOutput = ({ said }: Outcome) => said.at(-1)?.output ?? ''
const says = (outcome: Outcome, text: string) =>
	expect(
		lastOutput(outcome).includes(text),
		`it printed ${JSON.stringify(lastOutput(outcome).slice(0, 300))}`,
	)
const bodyOf = (call: RecordedRequest | undefined) => String(call?.rawBody ?? '')
const fixture = (name: string) => join(import.meta.dirname, '../../test/fixtures/media', name)

async function holds(work: string, name: string, expected: string): Promise<string[]> {
	const found = await readFile(join(work, name), 'utf8').catch(() => 'no file')
	return expect(found === expected, `${name} holds ${JSON.stringify(found)}`)
}

export const scenarios: Scenario[] = [
	{
		name: 'write two files in one turn, read, edit',
		runs: () => [{ prompt: 'Write greeting.txt and other.txt, then correct the spelling in greeting.txt.' }],
		turns: work => [
			{
				thinking: ['I write ', 'both files.'],
				text: ['I will write ', 'two files.'],
				toolCalls: [
					{ name: 'Write', args: { file_path: join(work, 'greeting.txt'), content: 'Helo, world\n' } },
					{ name: 'Write', args: { file_path: join(work, 'other.txt'), content: '第二个文件 ✓\n' } },
				],
			},
			{ toolCalls: [{ name: 'Read', args: { file_path: join(work, 'greeting.txt') } }] },
			{
				thinking: 'A letter is missing.',
				toolCalls: [
					{
						name: 'Edit',
						args: { file_path: join(work, 'greeting.txt'), old_string: 'Helo', new_string: 'Hello' },
					},
				],
			},
			{ text: words('Both files are written.') },
		],
		check: async outcome => [
			...(await holds(outcome.work, 'greeting.txt', 'Hello, world\n')),
			...(await holds(outcome.work, 'other.txt', '第二个文件 ✓\n')),
			...says(outcome, 'Both files are written.'),
		],
	},
	{
		name: 'read a picture and a PDF at once',
		prepare: async work => {
			await copyFile(fixture('dot.png'), join(work, 'dot.png'))
			await copyFile(fixture('page.pdf'), join(work, 'page.pdf'))
		},
		runs: () => [{ prompt: 'What do dot.png and page.pdf show?' }],
		turns: work => [
			{
				toolCalls: [
					{ name: 'Read', args: { file_path: join(work, 'page.pdf') } },
					{ name: 'Read', args: { file_path: join(work, 'dot.png') } },
				],
			},
			{ text: words('A dot and a page.') },
		],
		check: outcome => [
			...says(outcome, 'A dot and a page.'),
			...expect(/iVBORw0KGgo/.test(bodyOf(outcome.calls[1])), 'the picture did not reach the upstream'),
			// Servers that know Chat Completions of old have no place for a file.
			...expect(
				outcome.type === 'openaiold' || /JVBERi0/.test(bodyOf(outcome.calls[1])),
				'the PDF did not reach the upstream',
			),
		],
	},
	{
		name: 'search for tools, then the web',
		runs: () => [{ prompt: 'Search the web for the weather in Oslo.' }],
		turns: () => [
			{
				toolCalls: [{ name: 'ToolSearch', args: { query: 'select:WebSearch,NotebookEdit', max_results: 5 } }],
			},
			{ toolCalls: [{ name: 'WebSearch', args: { query: 'weather Oslo' } }] },
			{ text: words('Oslo: sunny, 21 °C (example.org).') },
			{ text: words('It is sunny in Oslo.') },
		],
		check: outcome => [
			...says(outcome, 'It is sunny in Oslo.'),
			...expect(
				/NotebookEdit/.test(bodyOf(outcome.calls[1])),
				'the loaded tool was not offered to the model',
			),
			...expect(outcome.calls.length === 4, `${outcome.calls.length} requests reached the upstream, not 4`),
		],
	},
	{
		name: 'compact a conversation and go on',
		runs: () => [
			{ prompt: 'Remember the word heliotrope.' },
			{ prompt: '/compact', args: ['--continue'] },
			{ prompt: 'Which word?', args: ['--continue'] },
		],
		turns: () => [
			{ text: words('I will remember it.') },
			{ text: words('<analysis>short</analysis><summary>The word is heliotrope.</summary>') },
			{ text: words('The word is heliotrope.') },
		],
		check: outcome => [
			...says(outcome, 'The word is heliotrope.'),
			...expect(outcome.calls.length === 3, `${outcome.calls.length} requests reached the upstream, not 3`),
			...expect(/The word is heliotrope/.test(bodyOf(outcome.calls[2])), 'the summary was not sent on'),
		],
	},
	{
		name: 'send out a sub-agent',
		runs: () => [{ prompt: 'Let an agent count the files.' }],
		turns: () => [
			{
				toolCalls: [
					{
						name: 'Agent',
						args: {
							description: 'Count files',
							prompt: 'Count the files here.',
							subagent_type: 'general-purpose',
							run_in_background: false,
						},
					},
				],
			},
			{ text: words('There are 0 files.') },
			{ text: words('The agent found no files.') },
		],
		check: outcome => says(outcome, 'The agent found no files.'),
	},
	{
		name: 'answer by a JSON schema',
		runs: () => [
			{
				prompt: 'What is six times seven?',
				args: [
					...['--output-format', 'json', '--json-schema'],
					JSON.stringify({
						type: 'object',
						properties: { answer: { type: 'integer' } },
						required: ['answer'],
					}),
				],
			},
		],
		turns: () => [{ toolCalls: [{ name: 'StructuredOutput', args: { answer: 42 } }] }],
		check: outcome => says(outcome, '"structured_output":{"answer":42}'),
	},
	{
		name: 'use an MCP server with long names and odd schemas',
		prepare: work => {
			const server = { command: process.execPath, args: [join(import.meta.dirname, 'mcp-server.ts')] }
			return writeFile(join(work, 'mcp.json'), JSON.stringify({ mcpServers: { odd: server } }))
		},
		runs: work => [
			{
				prompt: 'Look up the answer.',
				args: ['--mcp-config', join(work, 'mcp.json'), '--strict-mcp-config'],
				environment: { ENABLE_TOOL_SEARCH: 'false' },
			},
		],
		turns: () => [
			request => {
				// The model only knows the name that was sent to it.
				const name = /"name":"(mcp__odd__look_up_[^"]*)"/.exec(bodyOf(request))?.[1] ?? 'not offered'
				return { toolCalls: [{ name, args: { topic: 'everything', mode: 'deep' } }] }
			},
			{ text: words('Looked up: 42.') },
		],
		check: outcome => [
			...says(outcome, 'Looked up: 42.'),
			...expect(/looked up: 42/.test(bodyOf(outcome.calls[1])), 'the tool was not called'),
		],
	},
]
