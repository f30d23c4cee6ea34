import { readFileSync } from 'node:fs'

interface Block {
	type: string
	[name: string]: unknown
}
interface CapturedBody {
	model: string
	messages: { role: string; content: string | Block[] }[]
	tools: { name: string; description: string }[]
	[name: string]: unknown
}

const capture = new URL('../../test/fixtures/captures/cc-2.1.197-tool-loop.json', import.meta.url)

/** About half of a real request is tools, which the captures carry with shortened descriptions. */
const toolBytes = 68_000
const totalBytes = 150_000
const messageCount = 60

/** A Claude Code request in the middle of its work: the captured one, its prose and its tool loop grown to full size. */
export function createClaudeCodeRequest(model: string): Buffer {
	const body = (JSON.parse(readFileSync(capture, 'utf8')) as { body: CapturedBody }).body
	body.model = model
	growTools(body)
	growMessages(body)
	return Buffer.from(JSON.stringify(body))
}

function growTools(body: CapturedBody): void {
	const missing = toolBytes - Buffer.byteLength(JSON.stringify(body.tools))
	const share = Math.ceil(missing / body.tools.length)
	for (const tool of body.tools) tool.description += `\n${prose(share)}`
}

function growMessages(body: CapturedBody): void {
	const rounds = (messageCount - body.messages.length) / 2
	const missing = totalBytes - Buffer.byteLength(JSON.stringify(body))
	// What a round has beside the file's text: ids, names, paths.
	const share = Math.ceil(missing / rounds) - 420
	for (let round = 0; round < rounds; round++) {
		const id = `toolu_bench${String(round).padStart(18, '0')}`
		const input = { file_path: `/home/dev/project/src/module-${round}.ts` }
		body.messages.push(
			{
				role: 'assistant',
				content: [
					{ type: 'text', text: `Now I read module ${round}, which the last one imports.` },
					{ type: 'tool_use', id, name: 'Read', input },
				],
			},
			{ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: sourceText(share) }] },
		)
	}
}

const words = 'The tool reads a file from the disk and returns its lines; "paths" must be absolute.\n'
const code = '\texport const total = items.map(item => item.price * item.count) // "sum" later\n'

const prose = (length: number) => words.repeat(Math.ceil(length / words.length)).slice(0, length)
const sourceText = (length: number) =>
	Array.from(
		{ length: Math.max(1, Math.round(length / (code.length + 11))) },
		(_, line) => `${line + 1}${code}`,
	).join('')
