const units = [
	['day', 86_400],
	['hour', 3600],
	['minute', 60],
	['second', 1],
] as const

/** A duration by its two largest units: `3 days 4 hr`, `3天4小时`. */
export function formatDuration(seconds: number, locale: string): string {
	const whole = Math.max(0, Math.floor(seconds))
	const first = Math.max(
		0,
		units.findIndex(([, size]) => whole >= size),
	)
	const start = whole === 0 ? units.length - 1 : first
	let rest = whole
	const parts = units.slice(start, start + 2).map(([unit, size]) => {
		const value = Math.floor(rest / size)
		rest -= value * size
		return { unit, value }
	})
	const shown = parts.filter((part, index) => index === 0 || part.value > 0)
	return shown
		.map(({ unit, value }) => new Intl.NumberFormat(locale, { style: 'unit', unit }).format(value))
		.join(' ')
}

export function formatTime(date: Date, locale: string): string {
	return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(date)
}
