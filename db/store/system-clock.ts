import type { Clock } from '../../core/ports.ts'

export type StoreClock = Pick<Clock, 'now' | 'elapsed'>

export const systemClock: StoreClock = { now: () => Date.now(), elapsed: () => performance.now() }
