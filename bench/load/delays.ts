import { stampPattern } from '../workloads/answer.ts'
import type { LoadResult } from './protocol.ts'

const stampLength = 17

/** Gathers how long stamped deltas were on their way. The clock is the computer's own, one for all processes. */
export interface DelayMeter {
	/** Reads one connection's bytes, in order. */
	createReader(): (bytes: Buffer) => void
	read(): LoadResult['delays']
}

export function createDelayMeter(): DelayMeter {
	const delays: number[] = []
	return {
		createReader() {
			let tail = ''
			return bytes => {
				const now = Number(process.hrtime.bigint() / 1000n)
				const text = tail + bytes.toString('latin1')
				let end = 0
				for (const found of text.matchAll(stampPattern)) {
					delays.push(now - Number(found[1]))
					end = found.index + stampLength
				}
				tail = text.slice(Math.max(end, text.length - stampLength + 1))
			}
		},
		read() {
			if (delays.length === 0) return undefined
			delays.sort((a, b) => a - b)
			const at = (share: number) =>
				delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0
			return { p50: at(0.5), p99: at(0.99), count: delays.length }
		},
	}
}
