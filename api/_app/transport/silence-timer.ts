import type { TransportFault } from '../../../core/ports.ts'

/** Tells when an upstream has been silent for too long. One timer: it only looks at when the last sign of life came. */
export class SilenceTimer {
	#lastSign = performance.now()
	#isHeldBack = false
	readonly #limitMs: number
	readonly #onSilent: (fault: TransportFault) => void
	#timer: NodeJS.Timeout

	constructor(limitMs: number, onSilent: (fault: TransportFault) => void) {
		this.#limitMs = limitMs
		this.#onSilent = onSilent
		this.#timer = setTimeout(look, limitMs, this)
	}

	sign(): void {
		this.#lastSign = performance.now()
	}

	/** It is us who do not read: that is no silence. */
	holdBack(): void {
		this.#isHeldBack = true
	}

	goOn(): void {
		this.#isHeldBack = false
		this.sign()
	}

	stop(): void {
		clearTimeout(this.#timer)
	}

	look(): void {
		const silent = performance.now() - this.#lastSign
		if (this.#isHeldBack || silent < this.#limitMs) {
			this.#timer = setTimeout(look, this.#isHeldBack ? this.#limitMs : this.#limitMs - silent, this)
			return
		}
		const seconds = Math.round(this.#limitMs / 100) / 10
		this.#onSilent({ class: 'timeout', message: `the upstream was silent for ${seconds} s` })
	}
}

const look = (timer: SilenceTimer) => timer.look()
