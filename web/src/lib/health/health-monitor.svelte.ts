import { backendUrl } from '../api/client.ts'
import { type Health, parseHealth } from './health.ts'

const intervalMs = 5000
const patienceMs = 4000

/** `asking`: no answer yet. `silent`: the server answers, but not with its health (switched off, or moved). */
export type Contact = 'asking' | 'answering' | 'away' | 'silent'

/** Asks for the server's health every five seconds while the page is visible. The last answer stays while it is away. */
export class HealthMonitor {
	contact: Contact = $state('asking')
	health: Health | undefined = $state()
	answeredAt: Date | undefined = $state()

	#timer: ReturnType<typeof setTimeout> | undefined
	#asking = false
	#watching = false

	/** Starts asking; the returned function stops it. */
	watch(): () => void {
		this.#watching = true
		const onVisibilityChange = () => (document.hidden ? this.#pause() : void this.refresh())
		document.addEventListener('visibilitychange', onVisibilityChange)
		void this.refresh()
		return () => {
			document.removeEventListener('visibilitychange', onVisibilityChange)
			this.#watching = false
			this.#pause()
		}
	}

	async refresh(): Promise<void> {
		if (this.#asking) return
		this.#pause()
		this.#asking = true
		try {
			await this.#ask()
		} finally {
			this.#asking = false
			if (this.#watching && !document.hidden) this.#timer = setTimeout(() => void this.refresh(), intervalMs)
		}
	}

	async #ask(): Promise<void> {
		try {
			const response = await fetch(`${backendUrl}/health`, {
				cache: 'no-store',
				signal: AbortSignal.timeout(patienceMs),
			})
			const health = parseHealth(await response.json().catch(() => undefined))
			if (health === undefined) {
				// A 5xx that is no health report comes from something in front of the server.
				this.contact = response.status >= 500 ? 'away' : 'silent'
				return
			}
			this.contact = 'answering'
			this.health = health
			this.answeredAt = new Date()
		} catch {
			this.contact = 'away'
		}
	}

	#pause(): void {
		clearTimeout(this.#timer)
		this.#timer = undefined
	}
}
