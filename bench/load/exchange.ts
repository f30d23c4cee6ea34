import { type Agent, request } from 'node:http'

export interface Exchanged {
	status: number
	body: Buffer
}

/** One request and its whole answer; `onData` sees each piece as it comes. Rejects when the connection breaks. */
export function exchange(
	order: { url: string; path: string; headers: Record<string, string> },
	body: Buffer,
	agent: Agent,
	onData?: (bytes: Buffer) => void,
): Promise<Exchanged> {
	return new Promise((resolve, reject) => {
		const headers = {
			'content-type': 'application/json',
			'anthropic-version': '2023-06-01',
			...order.headers,
			'content-length': body.length,
		}
		const sent = request(new URL(order.path, order.url), { method: 'POST', agent, headers }, answer => {
			const chunks: Buffer[] = []
			answer.on('data', (bytes: Buffer) => {
				chunks.push(bytes)
				onData?.(bytes)
			})
			answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }))
			answer.on('error', reject)
		})
		sent.on('error', reject)
		sent.end(body)
	})
}
