import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createStreamConverter, toMessage } from './convert-answer.ts'
import { toCompletionRequest } from './convert-request.ts'
import { listen } from './listen.ts'

/** The floor of conversion: correct for the benchmark's answers, and nothing else. `node convert.js <upstream url>` */
const upstream = new URL(process.argv[2] ?? '')
const agent = new Agent({ keepAlive: true })

const server = createServer((incoming, response) => {
	if (incoming.method === 'GET') return void response.end('{"ok":true}')
	const chunks: Buffer[] = []
	incoming.on('data', (bytes: Buffer) => chunks.push(bytes))
	incoming.on('end', () => forward(JSON.parse(Buffer.concat(chunks).toString()), response))
})

// biome-ignore lint/suspicious/noExplicitAny: a floor has no schema
function forward(body: any, response: ServerResponse): void {
	const bytes = Buffer.from(JSON.stringify(toCompletionRequest(body)))
	const headers = {
		'content-type': 'application/json',
		'content-length': bytes.length,
		authorization: 'Bearer k',
	}
	const target = { host: upstream.hostname, port: upstream.port, path: '/v1/chat/completions' }
	const outgoing = request({ ...target, method: 'POST', headers, agent }, answer => {
		if (body.stream) sendStream(answer, response, body.model)
		else sendMessage(answer, response, body.model)
	})
	outgoing.on('error', () => response.destroy())
	response.on('close', () => {
		if (!response.writableFinished) outgoing.destroy()
	})
	outgoing.end(bytes)
}

function sendMessage(answer: IncomingMessage, response: ServerResponse, model: string): void {
	const chunks: Buffer[] = []
	answer.on('data', (bytes: Buffer) => chunks.push(bytes))
	answer.on('end', () => {
		response.writeHead(200, { 'content-type': 'application/json' })
		response.end(JSON.stringify(toMessage(JSON.parse(Buffer.concat(chunks).toString()), model)))
	})
}

function sendStream(answer: IncomingMessage, response: ServerResponse, model: string): void {
	response.writeHead(200, { 'content-type': 'text/event-stream' })
	const convert = createStreamConverter(model)
	answer.setEncoding('utf8')
	answer.on('data', (text: string) => {
		const events = convert(text)
		if (events !== '') response.write(events)
	})
	answer.on('end', () => response.end())
}

listen(server)
