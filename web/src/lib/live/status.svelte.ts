import { createContext } from 'svelte'
import { type AdminFetch, backendUrl } from '../api/client.ts'
import { clock } from './clock.svelte.ts'
import { type Contact, isNewer, nextPollMs, type Status, type StatusAnswer } from './status.ts'

/** Longer than any answer is on its way. */
const patienceMs = 10_000

/** The page's one polling loop: every view of the live state reads it, and none asks by itself. */
export class LiveStatus {
	/** The newest answer; kept while the server is away. */
	current: Status | undefined = $state.raw()
	contact: Contact = $state('asking')
	/** When the newest answer came, epoch ms of this computer. */
	answeredAt: number | undefined = $state()
	error: unknown = $state.raw()

	#fetch: AdminFetch
	#timer: ReturnType<typeof setTimeout> | undefined
	#asking: Promise<void> | undefined
	#failures = 0
	#watching = false
	#shownNow: { now: number } | undefined
	/** A change of ours led to it: an answer from before is not shown. */
	#least = { revision: 0, until: 0 }
	/** Changes of ours that are shown and not yet made: an answer in between would take them back for a moment. */
	#underWay = { count: 0, until: 0 }

	constructor(adminFetch: AdminFetch) {
		this.#fetch = adminFetch
	}

	/** Starts asking; the returned function stops it. */
	watch(): () => void {
		this.#watching = true
		const wake = () => (document.hidden ? this.#pause() : void this.refresh())
		document.addEventListener('visibilitychange', wake)
		window.addEventListener('focus', wake)
		window.addEventListener('online', wake)
		void this.refresh()
		return () => {
			document.removeEventListener('visibilitychange', wake)
			window.removeEventListener('focus', wake)
			window.removeEventListener('online', wake)
			this.#watching = false
			this.#pause()
		}
	}

	/** Asks now, such as after a change. One question at a time; its answer is shown when this resolves. */
	refresh(): Promise<void> {
		this.#asking ??= this.#ask().finally(() => {
			this.#asking = undefined
			this.#pause()
			if (this.#watching && !document.hidden)
				this.#timer = setTimeout(() => void this.refresh(), nextPollMs(this.#failures))
		})
		return this.#asking
	}

	/** Asks anew even when a question is under way: its answer may be from before the change. */
	async refreshAfter(): Promise<void> {
		await this.#asking
		await this.refresh()
	}

	/**
	 * Changes what is shown before the server has done it. Give the returned function back to undo it; the next
	 * answer of the server replaces it anyway.
	 */
	overlay(change: (status: Status) => Status): () => void {
		const before = this.current
		if (before === undefined) return () => {}
		const after = change(before)
		this.current = after
		return () => {
			if (this.current === after) this.current = before
		}
	}

	/** From when a change is shown until it is made or refused; the returned function says that it is. */
	hold(): () => void {
		this.#underWay = { count: this.#underWay.count + 1, until: Date.now() + patienceMs }
		return () => {
			this.#underWay.count--
		}
	}

	/** The newest revision known here: what is shown, or what a change of ours has just made. */
	get revision(): number | undefined {
		return this.current && Math.max(this.current.revision, this.#least.revision)
	}

	/** After a change: answers that do not have it yet, and were on their way, would show its undoing. */
	expectRevision(revision: number): void {
		this.#least = { revision, until: Date.now() + patienceMs }
	}

	async #ask(): Promise<void> {
		const since = this.current?.cursor
		const query = since === undefined ? '' : `?since=${encodeURIComponent(since)}`
		try {
			const response = await this.#fetch(`${backendUrl}/api/status${query}`)
			this.#take((await response.json()) as StatusAnswer)
		} catch (error) {
			this.#failures++
			this.error = error
			this.contact = this.current === undefined ? 'asking' : 'stale'
		}
	}

	#take(answer: StatusAnswer): void {
		this.#failures = 0
		this.error = undefined
		this.contact = 'live'
		this.answeredAt = Date.now()
		if (!isNewer(answer, this.#shownNow)) return
		if ('revision' in answer && this.#isTooEarly(answer.revision)) return
		this.#shownNow = { now: answer.now }
		clock.offsetMs = answer.now - Date.now()
		if (!('unchanged' in answer)) this.current = answer
	}

	#isTooEarly(revision: number): boolean {
		if (this.#underWay.count > 0 && Date.now() < this.#underWay.until) return true
		return revision < this.#least.revision && Date.now() < this.#least.until
	}

	#pause(): void {
		clearTimeout(this.#timer)
		this.#timer = undefined
	}
}

export const [useLiveStatus, provideLiveStatus] = createContext<LiveStatus>()
