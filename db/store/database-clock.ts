import type { StoreClock } from './system-clock.ts'

interface Sample {
	/** Database clock minus ours. */
	offset: number
	/** Length of the trip that measured it: the offset is off by half of it at most. */
	trip: number
	wall: number
	elapsed: number
}

const SAMPLE_LIFE_MS = 5 * 60_000
const CLOCK_JUMP_MS = 500

/** The database's clock, estimated: cooldowns are compared with it, whatever this computer's clock says. */
export interface DatabaseClock {
	now(): number
	/** `sent`: both clocks when the question was sent; `databaseNow`: its answer. */
	observe(sent: { wall: number; elapsed: number }, databaseNow: number): void
}

export function createDatabaseClock(clock: StoreClock): DatabaseClock {
	let best: Sample | undefined
	return {
		now: () => clock.now() + (best?.offset ?? 0),
		observe(sent, databaseNow) {
			const wall = clock.now()
			const elapsed = clock.elapsed()
			const trip = Math.max(0, elapsed - sent.elapsed)
			const sample = { offset: databaseNow - (wall - trip / 2), trip, wall, elapsed }
			if (best === undefined || trip <= best.trip || isOutdated(best, sample)) best = sample
		},
	}
}

/** Too old, or this computer's clock was set meanwhile. */
function isOutdated(old: Sample, now: Sample): boolean {
	const drift = Math.abs(now.wall - old.wall - (now.elapsed - old.elapsed))
	return now.elapsed - old.elapsed > SAMPLE_LIFE_MS || drift > CLOCK_JUMP_MS
}
