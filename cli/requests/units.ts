import { usageError } from '../refuse.ts'

const unitMs: Readonly<Record<string, number>> = {
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 604_800_000,
}

/** `90s`, `30m`, `1h`, `7d`, `2w` in ms. @throws CliError usage */
export function readDuration(text: string, option: string): number {
	const [, number, unit = ''] = /^(\d{1,4})([smhdw])$/.exec(text) ?? []
	if (number === undefined || Number(number) === 0) {
		throw usageError(`${option} must be a number with a unit: 90s, 30m, 1h, 7d, 2w`)
	}
	return Number(number) * Number(unitMs[unit])
}

/** `840 ms`, `12.3 s`, `4 m 05 s` */
export function formatMs(ms: number | null): string {
	if (ms === null) return '–'
	if (ms < 1000) return `${Math.round(ms)} ms`
	if (ms < 100_000) return `${(ms / 1000).toFixed(1)} s`
	const seconds = Math.round(ms / 1000)
	return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
}

/** `950`, `12.3k`, `4.5M` */
export function formatCount(count: number): string {
	if (count < 10_000) return String(count)
	if (count < 1_000_000) return `${(count / 1000).toFixed(1)}k`
	return `${(count / 1_000_000).toFixed(1)}M`
}

/** `$1.20`, `$0.0034`; `–` where nothing is known. */
export function formatCost(micros: number | null): string {
	if (micros === null) return '–'
	const dollars = micros / 1_000_000
	return `$${dollars >= 1 || micros === 0 ? dollars.toFixed(2) : dollars.toFixed(4)}`
}

export const formatShare = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)
