import type { Clock, Transport } from '../../../core/ports.ts'
import type { WebhookTarget } from '../../../db/index.ts'
import { signWebhook } from './sign.ts'

export interface WebhookMessage {
	/** The same at every try: receivers may tell repetitions by it. */
	id: string
	type: string
	/** ISO 8601. */
	timestamp: string
	data: Record<string, unknown>
}

export interface Delivery {
	ok: boolean
	/** 0: there was no answer. */
	status: number
	error: string
	ms: number
}

/** What a try needs of the outside. */
export interface DeliveryMeans {
	transport: Transport
	clock: Clock
	userAgent: string
}

/** Longest time of a try, ms. */
const patienceMs = 5000

/**
 * Posts a message once. Redirections are not followed, and nothing of the answer is kept but its status: whoever may
 * enter an address must not read other hosts through us. Never rejects.
 */
export function deliver(
	{ transport, clock, userAgent }: DeliveryMeans,
	target: Pick<WebhookTarget, 'url' | 'secret'>,
	message: WebhookMessage,
): Promise<Delivery> {
	const body = JSON.stringify({ type: message.type, timestamp: message.timestamp, data: message.data })
	const timestamp = Math.floor(clock.now() / 1000)
	const headers = {
		'content-type': 'application/json',
		'user-agent': userAgent,
		...signWebhook(target.secret, { id: message.id, timestamp, body }),
	}
	const startedAt = clock.elapsed()
	return new Promise(resolve => {
		const settle = (status: number, error: string) => {
			stopTimer()
			exchange.abort()
			resolve({ ok: error === '', status, error, ms: Math.round(clock.elapsed() - startedAt) })
		}
		const stopTimer = clock.after(patienceMs, () => settle(0, `no answer within ${patienceMs / 1000} s`))
		const exchange = transport(
			{ method: 'POST', url: target.url, headers, body },
			{ insecureSkipVerify: false, proxyUrl: '', silenceMs: patienceMs },
			{
				head: status => settle(status, status >= 200 && status < 300 ? '' : `answered with ${status}`),
				data() {},
				ended() {},
				failed: fault => settle(0, fault.message),
			},
		)
	})
}
