import type { UpstreamSnapshot } from '../config/snapshot.ts'
import type { Clock, LeaveSignal } from '../ports.ts'
import { FairQueue, type FairQueueOptions, type Turn } from './fair-queue.ts'

/** What runs at an upstream and with each of its keys, in this process, and who waits for it. */
export interface UpstreamSlots {
	/** A place at the upstream, which may say how many there are. Only what `entered` calls `leave`. */
	enter(upstream: UpstreamSnapshot, owner: string, signal: LeaveSignal): Turn | Promise<Turn>
	leave(upstream: UpstreamSnapshot): void
	isBusy(upstream: UpstreamSnapshot, keyId: string): boolean
	takeKey(upstream: UpstreamSnapshot, keyId: string): void
	releaseKey(upstream: UpstreamSnapshot, keyId: string): void
	/**
	 * Resolves with true when a key of the upstream was released; false when that took too long, counted from `since`
	 * (`clock.elapsed()`), or the client left.
	 */
	keyReleased(upstream: UpstreamSnapshot, since: number, signal: LeaveSignal): Promise<boolean>
	/** For metrics: only upstreams in use are among them. */
	usage(): ReadonlyMap<string, { running: number; waiting: number }>
}

export function createUpstreamSlots(options: FairQueueOptions): UpstreamSlots {
	const queues = new Map<string, FairQueue>()
	const keys = new Map<string, number>()
	const keyQueues = new Map<string, KeyWaiters>()

	const queueOf = (id: string): FairQueue => {
		const known = queues.get(id)
		if (known) return known
		const queue = new FairQueue(options)
		queues.set(id, queue)
		return queue
	}
	const keyQueueOf = (id: string): KeyWaiters => {
		const known = keyQueues.get(id)
		if (known) return known
		const waiters = new KeyWaiters(options.clock)
		keyQueues.set(id, waiters)
		return waiters
	}

	return {
		enter(upstream, owner, signal) {
			const limit = upstream.maxConcurrent || Number.POSITIVE_INFINITY
			const queue = queueOf(upstream.id)
			return queue.tryEnter(limit) ? 'entered' : queue.wait(owner, limit, signal)
		},
		leave({ id }) {
			const queue = queueOf(id)
			queue.leave()
			// Upstreams that were removed must not stay for ever.
			if (queue.running === 0 && queue.waiting === 0) queues.delete(id)
		},
		isBusy: ({ keyConcurrent }, keyId) => keyConcurrent > 0 && (keys.get(keyId) ?? 0) >= keyConcurrent,
		takeKey(_, keyId) {
			keys.set(keyId, (keys.get(keyId) ?? 0) + 1)
		},
		releaseKey({ id }, keyId) {
			const left = (keys.get(keyId) ?? 1) - 1
			if (left > 0) keys.set(keyId, left)
			else keys.delete(keyId)
			keyQueues.get(id)?.wake()
		},
		async keyReleased({ id }, since, signal) {
			const waiters = keyQueueOf(id)
			if (waiters.count >= options.maxWaiting) return false
			const left = options.patienceMs - (options.clock.elapsed() - since)
			const released = left > 0 && (await waiters.wait(left, signal))
			if (waiters.count === 0) keyQueues.delete(id)
			return released
		},
		usage: () => new Map([...queues].map(([id, { running, waiting }]) => [id, { running, waiting }])),
	}
}

/** Those who wait for any key of an upstream; the one that came first is woken first. */
class KeyWaiters {
	readonly #clock: Clock
	readonly #waiting = new Set<(released: boolean) => void>()

	constructor(clock: Clock) {
		this.#clock = clock
	}

	get count(): number {
		return this.#waiting.size
	}

	wake(): void {
		const [first] = this.#waiting
		first?.(true)
	}

	wait(ms: number, signal: LeaveSignal): Promise<boolean> {
		if (signal.aborted) return Promise.resolve(false)
		return new Promise(resolve => {
			const settle = (released: boolean) => {
				this.#waiting.delete(settle)
				stopTimer()
				signal.removeEventListener('abort', cancel)
				resolve(released)
			}
			const cancel = () => settle(false)
			const stopTimer = this.#clock.after(ms, cancel)
			signal.addEventListener('abort', cancel)
			this.#waiting.add(settle)
		})
	}
}
