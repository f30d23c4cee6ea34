import { request as httpRequest } from 'node:http'
import { accessKey } from './proxy.ts'

export interface OpenStream {
	/** Resolves with all that has arrived once it contains the text, or the stream is over. */
	until(text: string): Promise<string>
	rest(): Promise<string>
	leave(): void
}

/** Opens a stream on a connection of its own and reads it as it comes. */
export function openStream(url: string, body: unknown): OpenStream {
	let received = ''
	let over = false
	let changed = () => {}
	const finish = () => {
		over = true
		changed()
	}
	const headers = { 'content-type': 'application/json', 'x-api-key': accessKey }
	const request = httpRequest(`${url}/v1/messages`, { method: 'POST', headers, agent: false }, response => {
		response.setEncoding('utf8')
		response.on('data', chunk => {
			received += chunk
			changed()
		})
		response.on('close', finish)
	})
	request.on('error', finish)
	request.end(JSON.stringify(body))
	const wait = async (isEnough: () => boolean) => {
		while (!isEnough() && !over) {
			await new Promise<void>(resolve => {
				changed = resolve
			})
		}
		return received
	}
	return {
		until: text => wait(() => received.includes(text)),
		rest: () => wait(() => false),
		leave: () => void request.destroy(),
	}
}

export const openStreams = (url: string, body: unknown, count: number): OpenStream[] =>
	Array.from({ length: count }, () => openStream(url, body))
