import { createSubscriber } from 'svelte/reactivity'

/** One timer for everything on the page that ticks. It runs only while something reads the time. */
class Clock {
	/** Server time minus this computer's, from the latest status: cooldowns end by the database's clock. */
	offsetMs = 0

	#subscribe = createSubscriber(update => {
		const timer = setInterval(update, 1000)
		return () => clearInterval(timer)
	})

	/** Epoch ms by the server's clock; read in a template it is new every second. */
	get now(): number {
		this.#subscribe()
		return Date.now() + this.offsetMs
	}
}

export const clock = new Clock()
