import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedWebhook {
	type: string
	timestamp: string
	data: Record<string, unknown>
	id: string
	text: string
	/** Whether the signature fits the secret, the id, the time and the body. */
	signed: boolean
}

/** An address that takes webhooks and checks their signatures, with code of its own. */
export async function startWebhookReceiver(secret: string) {
	const received: ReceivedWebhook[] = []
	const statuses: number[] = []
	const server = createServer((request, response) => {
		const chunks: Buffer[] = []
		request.on('data', chunk => chunks.push(chunk))
		request.on('end', () => {
			const text = Buffer.concat(chunks).toString()
			const id = String(request.headers['webhook-id'])
			const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
			const signedText = `${id}.${request.headers['webhook-timestamp']}.${text}`
			const expected = `v1,${createHmac('sha256', key).update(signedText).digest('base64')}`
			const signed = request.headers['webhook-signature'] === expected
			received.push({ ...JSON.parse(text), id, text, signed })
			response.writeHead(statuses.shift() ?? 204).end()
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook-path-secret`,
		received,
		/** What the next messages are answered with; 204 afterwards. */
		answer: (...next: number[]) => void statuses.push(...next),
		async close() {
			server.closeAllConnections()
			await new Promise(resolve => server.close(resolve))
		},
	}
}
