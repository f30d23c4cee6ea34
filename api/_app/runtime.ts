import { randomUUID } from 'node:crypto'
import type { Clock, Random } from '../../core/ports.ts'

/** Node's clock and randomness, for the core. */
export const clock: Clock = {
	now: () => Date.now(),
	elapsed: () => performance.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms)
		timer.unref()
		return () => clearTimeout(timer)
	},
}

export const random: Random = {
	next: () => Math.random(),
	id(prefix) {
		const uuid = randomUUID()
		const [first, second, third] = [uuid.slice(0, 8), uuid.slice(9, 13), uuid.slice(14, 18)]
		return `${prefix}_${first}${second}${third}${uuid.slice(19, 23)}${uuid.slice(24)}`
	},
}
