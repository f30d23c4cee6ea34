import type { WebhookTarget } from '../../../db/index.ts'
import { type Delivery, type DeliveryMeans, deliver, type WebhookMessage } from './deliver.ts'

export interface OutboxOptions extends DeliveryMeans {
	/** Pauses before the second and each further try, ms. */
	pausesMs?: readonly number[]
	onSettled(target: WebhookTarget, result: Delivery): void
	onDropped(): void
	/** Keeps a serverless function alive until the work is done. */
	defer?: (work: Promise<unknown>) => void
}

/** Messages on their way, in memory: a process that ends takes what it has with it. */
export interface Outbox {
	send(target: WebhookTarget, message: WebhookMessage): void
	readonly pending: number
	/** Resolves when all is settled, or that takes longer than `ms`. Never rejects. */
	flush(ms: number): Promise<void>
	close(): void
}

/** Messages that may wait; what comes beyond them is dropped and counted. */
const maxPending = 100

/** 408 and 429 say "later"; other 4xx will say the same next time. */
const mayRepeat = ({ ok, status }: Delivery) =>
	!ok && (status === 0 || status >= 500 || status === 408 || status === 429)

export function createOutbox(options: OutboxOptions): Outbox {
	const pausesMs = options.pausesMs ?? [1000, 5000, 25_000, 125_000]
	const work = new Set<Promise<void>>()
	const stopped = new AbortController()

	async function run(target: WebhookTarget, message: WebhookMessage): Promise<void> {
		let result = await deliver(options, target, message)
		for (const ms of pausesMs) {
			if (!mayRepeat(result) || stopped.signal.aborted) break
			await pause(ms)
			if (!stopped.signal.aborted) result = await deliver(options, target, message)
		}
		options.onSettled(target, result)
	}

	const pause = (ms: number) =>
		new Promise<void>(resolve => {
			const end = () => {
				stopTimer()
				stopped.signal.removeEventListener('abort', end)
				resolve()
			}
			const stopTimer = options.clock.after(ms, end)
			stopped.signal.addEventListener('abort', end)
		})

	return {
		get pending() {
			return work.size
		},
		send(target, message) {
			if (work.size >= maxPending) return options.onDropped()
			const done = run(target, message).finally(() => work.delete(done))
			work.add(done)
			options.defer?.(done)
		},
		async flush(ms) {
			let stopTimer = () => {}
			const late = new Promise<void>(resolve => {
				stopTimer = options.clock.after(ms, resolve)
			})
			await Promise.race([Promise.all(work), late])
			stopTimer()
		},
		close: () => stopped.abort(),
	}
}
