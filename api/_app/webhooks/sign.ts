import { createHmac } from 'node:crypto'

/**
 * Headers that prove who sent a message and when, after https://www.standardwebhooks.com: HMAC-SHA256 over id,
 * timestamp and body, so that neither can be exchanged and an old message not be sent again.
 */
export function signWebhook(
	secret: string,
	{ id, timestamp, body }: { id: string; timestamp: number; body: string },
): Record<string, string> {
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
	const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
	return {
		'webhook-id': id,
		'webhook-timestamp': String(timestamp),
		'webhook-signature': `v1,${signature}`,
	}
}
