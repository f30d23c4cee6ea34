import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { ScriptedUpstream } from './index.ts'

interface Outcome {
	status: number
	headers: IncomingHttpHeaders
	chunks: Buffer[]
	text: string
	/** Whether the response ended as HTTP wants it. */
	complete: boolean
}

export interface Call {
	stream?: boolean
	key?: string
	signal?: AbortSignal
	onChunk?: (text: string) => void
	path?: string
}

/** A chat request by node:http, which shows each chunk and how the response ended. */
export function callRaw(
	upstream: ScriptedUpstream,
	{ stream = true, key = 'sk-good', signal, onChunk, path = '/v1/chat/completions' }: Call = {},
) {
	return new Promise<Outcome>((resolve, reject) => {
		const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
		const options = { method: 'POST', headers, agent: false, ...(signal ? { signal } : {}) }
		const outgoing = httpRequest(`${upstream.url}${path}`, options, response => {
			const chunks: Buffer[] = []
			const finish = () =>
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					chunks,
					text: Buffer.concat(chunks).toString(),
					complete: response.complete,
				})
			response.on('data', (chunk: Buffer) => {
				chunks.push(chunk)
				onChunk?.(Buffer.concat(chunks).toString())
			})
			response.on('end', finish).on('error', finish)
		})
		outgoing.on('error', reject)
		outgoing.end(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }], stream }))
	})
}

/** The data of each event of an SSE body. */
export function dataOf(text: string): string[] {
	return text
		.split(/\r?\n\r?\n/)
		.filter(event => event.includes('data: '))
		.map(event => event.slice(event.indexOf('data: ') + 6))
}
