import { styleText } from 'node:util'
import type { AnswerHandler } from '../core/ports.ts'
import { accessKey, startProxy, type TestProxy } from '../test/support/proxy.ts'
import { startOpenAiUpstream } from '../test/support/upstreams/index.ts'

/**
 * The main job without any key: a scripted OpenAI-compatible upstream, the proxy on a temporary database, and one
 * streamed conversation with a tool call, shown on both sides of the proxy.
 */
const tools = [
	{
		name: 'get_weather',
		description: 'Current weather of a city',
		input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
	},
]
const question = { role: 'user', content: "What's the weather like in Shanghai?" }

const print = (text = '') => process.stdout.write(`${text}\n`)
const heading = (text: string) => print(`\n${styleText(['bold', 'cyan'], text)}`)
const dim = (text: string) => styleText('dim', text)

function printJson(value: unknown): void {
	for (const line of JSON.stringify(value, null, 2).split('\n')) print(`  ${line}`)
}

/** Long streams are shown by their first and last lines. */
function printLines(text: string, shown = 12): void {
	const lines = text.split(/\r?\n/).filter(line => line !== '')
	const half = Math.floor(shown / 2)
	const cut = lines.length > shown
	for (const line of cut ? lines.slice(0, half) : lines) print(`  ${shorten(line)}`)
	if (!cut) return
	print(dim(`  … ${lines.length - 2 * half} more lines …`))
	for (const line of lines.slice(-half)) print(`  ${shorten(line)}`)
}

const shorten = (line: string, width = Math.max(60, (process.stdout.columns ?? 110) - 4)) =>
	line.length > width ? `${line.slice(0, width - 1)}…` : line

/** Listens to what the upstream sends. */
function listen(proxy: TestProxy): () => string {
	let heard = ''
	const { transport } = proxy.services.proxy
	proxy.services.proxy.transport = (request, route, handler) => {
		heard = ''
		const listening: AnswerHandler = {
			head: (status, headers) => handler.head(status, headers),
			ended: () => handler.ended(),
			failed: fault => handler.failed(fault),
			data(bytes) {
				heard += new TextDecoder().decode(bytes)
				handler.data(bytes)
			},
		}
		return transport(request, route, listening)
	}
	return () => heard
}

/** The part of an upstream's chunk that says something; the rest repeats from chunk to chunk. */
function pickChoices(line: string): string {
	if (!line.startsWith('data: {')) return line
	const { choices, usage } = JSON.parse(line.slice(6))
	return `data: {…,"choices":${JSON.stringify(choices)}${usage ? `,"usage":${JSON.stringify(usage)}` : ''}}`
}

interface Turn {
	events: string
	content: { type: string; id?: string; text?: string; name?: string; input?: unknown }[]
}

async function ask(proxy: TestProxy, messages: unknown[]): Promise<Turn> {
	const body = { model: 'claude-sonnet-5-5', max_tokens: 200, stream: true, tools, messages }
	heading('client → claude-proxy   POST /v1/messages   (Anthropic Messages API)')
	printJson({ ...body, tools: messages.length === 1 ? tools : '… as before …' })
	const response = await fetch(`${proxy.url}/v1/messages`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-api-key': accessKey },
		body: JSON.stringify(body),
	})
	const events = await response.text()
	if (response.status !== 200) throw new Error(`the proxy answered ${response.status}: ${events}`)
	return { events, content: readContent(events) }
}

/** The blocks of a streamed answer, as any client puts them together. */
function readContent(events: string): Turn['content'] {
	const blocks: (Turn['content'][number] & { json?: string })[] = []
	for (const line of events.split('\n')) {
		if (!line.startsWith('data: ')) continue
		const event = JSON.parse(line.slice(6))
		if (event.type === 'content_block_start') blocks[event.index] = { ...event.content_block, json: '' }
		const block = blocks[event.index]
		if (event.type !== 'content_block_delta' || !block) continue
		if (event.delta.type === 'text_delta') block.text += event.delta.text
		if (event.delta.type === 'input_json_delta') block.json += event.delta.partial_json
	}
	return blocks.map(({ json, ...block }) => (json ? { ...block, input: JSON.parse(json) } : block))
}

const [proxy, upstream] = await Promise.all([startProxy({ LOG_LEVEL: 'error' }), startOpenAiUpstream()])
try {
	const heard = listen(proxy)
	await proxy.use({ type: 'openai', baseUrl: upstream.url, modelMap: { sonnet: 'gpt-4o' } }, [
		'sk-demo-key-0123456789',
	])
	upstream.script(
		{ text: ['Let me ', 'look.'], toolCalls: [{ name: 'get_weather', args: { city: 'Shanghai' } }] },
		{ text: ['It is sunny ', 'in Shanghai, ', '23 °C.'] },
	)
	const messages: unknown[] = [question]
	for (let turn = 0; turn < 2; turn++) {
		const { events, content } = await ask(proxy, messages)
		heading('claude-proxy → upstream   POST /v1/chat/completions   (OpenAI, model mapped)')
		printJson(upstream.requests.at(-1)?.body)
		heading('upstream → claude-proxy')
		printLines(heard().split(/\r?\n/).map(pickChoices).join('\n'))
		heading('claude-proxy → client')
		printLines(events, 16)
		messages.push({ role: 'assistant', content })
		const call = content.find(block => block.type === 'tool_use')
		if (call) {
			const result = { type: 'tool_result', tool_use_id: call.id, content: 'sunny, 23 °C' }
			messages.push({ role: 'user', content: [result] })
		}
	}
	heading('It works. With a key of yours:')
	print('  npm start')
	print('  npm run config -- add my-openai openai https://api.openai.com/v1')
	print('  npm run config -- key my-openai add <your key>')
	print()
} finally {
	await Promise.all([proxy.close(), upstream.close()])
}
