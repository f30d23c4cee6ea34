/** In the reader's time zone: `2026-01-31 09:05:07` */
export function formatTime(at: number): string {
	return new Date(at).toLocaleString('sv-SE')
}

/** Of a terminal, from which on the year is told in tables. */
const roomForYears = 100

/** As `formatTime`, and without the year where a terminal is narrow. */
export function formatWhen(at: number, columns: number | undefined): string {
	const whole = formatTime(at)
	return columns === undefined || columns >= roomForYears ? whole : whole.slice('2026-'.length)
}
