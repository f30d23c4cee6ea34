import { createHash } from 'node:crypto'
import type { WebhookEvent } from '../../../core/config/webhook.ts'
import type { Clock } from '../../../core/ports.ts'
import type { WebhookStore, WebhookTarget } from '../../../db/index.ts'
import type { Outbox } from './outbox.ts'

export interface TellerOptions {
	store: WebhookStore
	outbox: Pick<Outbox, 'send'>
	clock: Clock
	onError(error: unknown): void
}

type Data = Record<string, unknown>

const listAgeMs = 30_000
const sameIdMs = 600_000
const maxRemembered = 1000

/** Tells the webhooks of an incident, each incident once for all instances. */
export class Teller {
	readonly #options: TellerOptions
	#targets: readonly WebhookTarget[] = []
	#readAt = Number.NEGATIVE_INFINITY
	#reading: Promise<void> | undefined
	/** What is asked of the database and not answered yet. */
	readonly #asking = new Set<Promise<void>>()
	/** What this instance knows to be told, and until when that holds. */
	readonly #told = new Map<string, number>()

	constructor(options: TellerOptions) {
		this.#options = options
	}

	/** Whether anybody listens; an event makes it worth looking for. */
	listens(event?: WebhookEvent): boolean {
		return event === undefined ? this.#targets.length > 0 : this.#listeners(event).length > 0
	}

	/** Reads the list of webhooks when it is old, behind the back of whoever calls. */
	refresh(now = false): void {
		const { store, clock, onError } = this.#options
		if (this.#reading || (!now && clock.elapsed() - this.#readAt < listAgeMs)) return
		const reading = store
			.targets()
			.then(list => {
				this.#targets = list.filter(({ enabled }) => enabled)
			}, onError)
			.finally(() => {
				this.#reading = undefined
				this.#readAt = clock.elapsed()
			})
		this.#reading = reading
		this.#keep(reading)
	}

	/** Runs it when it is known who listens: at once, but in an instance that has only just begun. */
	whenKnown(run: () => void): void {
		this.refresh()
		const first = this.#readAt === Number.NEGATIVE_INFINITY ? this.#reading : undefined
		if (first === undefined) run()
		else this.#keep(first.then(run))
	}

	/** Sends it if no instance has before. */
	tell(event: WebhookEvent, subject: string, ttlMs: number, data: Data): void {
		this.whenKnown(() => {
			const { store, clock } = this.#options
			if (!this.listens(event)) return
			const name = `${event} ${subject}`
			if ((this.#told.get(name) ?? 0) > clock.elapsed()) return
			if (this.#told.size > maxRemembered) this.#told.clear()
			this.#told.set(name, clock.elapsed() + ttlMs)
			const send = () => this.send(event, subject, data)
			// Without the database nobody can say who tells: better twice than never.
			this.#keep(store.claim(event, subject, ttlMs).then(won => (won ? send() : undefined), send))
		})
	}

	/** The incident is over: the next one is another. */
	end(event: WebhookEvent, subject: string): void {
		for (const name of this.#told.keys()) if (name.startsWith(`${event} ${subject}`)) this.#told.delete(name)
		this.#keep(this.#options.store.release(event, subject).catch(this.#options.onError))
	}

	/** Instances that cannot agree on one of them, the database being away, at least send the same id. */
	send(event: WebhookEvent, subject: string, data: Data, at = this.#options.clock.now()): void {
		const text = `${event} ${subject} ${Math.floor(at / sameIdMs)}`
		const id = `msg_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
		const message = { id, type: event, timestamp: new Date(at).toISOString(), data }
		for (const target of this.#listeners(event)) this.#options.outbox.send(target, message)
	}

	/** Resolves when all that was noticed is handed to the outbox. Never rejects. */
	async flush(): Promise<void> {
		while (this.#asking.size > 0) await Promise.all(this.#asking)
	}

	#keep(work: Promise<void>): void {
		const done = work.finally(() => this.#asking.delete(done))
		this.#asking.add(done)
	}

	#listeners(event: WebhookEvent): readonly WebhookTarget[] {
		return this.#targets.filter(({ events }) => events.includes(event))
	}
}
