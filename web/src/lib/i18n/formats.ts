import type { Locale } from './locale.ts'
import type { TimeZone } from './time-zone.ts'

/** Numbers and times as the language writes them. Instants are epoch ms. */
export interface Formats {
	number(value: number): string
	/** 1.2K, 1.2万. */
	compact(value: number): string
	/** Of 1; at most one decimal. */
	percent(share: number): string
	bytes(value: number): string
	/** A latency: 412 ms, 1.9 s. */
	latency(ms: number): string
	/** By its two largest units: 3 days 4 hr, 3天4小时. */
	duration(ms: number): string
	/** What is left of a cooldown: 4:12, 1:04:12. */
	countdown(ms: number): string
	/** 5 min ago, in 2 hours. */
	relative(at: number, now: number): string
	time(at: number): string
	date(at: number): string
	dateTime(at: number): string
	list(items: readonly string[]): string
}

const units = [
	['day', 86_400],
	['hour', 3600],
	['minute', 60],
	['second', 1],
] as const

export function createFormats(shown: Locale, zone?: TimeZone): Formats {
	const locale = shown === 'en-XA' ? 'en' : shown
	const place = zone === undefined ? {} : { timeZone: zone }
	const plain = new Intl.NumberFormat(locale)
	const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
	const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
	const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
	const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
	const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', ...place })
	const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...place })
	const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...place })
	const list = new Intl.ListFormat(locale, { type: 'conjunction' })
	const unit = (value: number, name: string) =>
		new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits: 0 }).format(value)
	return {
		number: value => plain.format(value),
		compact: value => short.format(value),
		percent: value => share.format(value),
		// As with times below: `Intl` would write “472 byte” in English.
		bytes(value) {
			const step = value < 1000 ? 0 : value < 1_000_000 ? 1 : value < 1_000_000_000 ? 2 : 3
			return `${tenths.format(value / 1000 ** step)} ${['B', 'kB', 'MB', 'GB'][step]}`
		},
		// The symbols are the same in every language, and `Intl` would write “sec” in English.
		latency: ms => (ms < 1000 ? `${Math.round(ms)} ms` : `${tenths.format(ms / 1000)} s`),
		duration: ms => formatDuration(ms / 1000, unit),
		countdown: formatCountdown,
		relative(at, now) {
			const seconds = Math.round((at - now) / 1000)
			const [name, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
			return relative.format(Math.trunc(seconds / size), name)
		},
		time: at => time.format(at),
		date: at => date.format(at),
		dateTime: at => dateTime.format(at),
		list: items => list.format(items),
	}
}

function formatDuration(seconds: number, unit: (value: number, name: string) => string): string {
	const whole = Math.max(0, Math.floor(seconds))
	const found = units.findIndex(([, size]) => whole >= size)
	const start = found === -1 ? units.length - 1 : found
	let rest = whole
	const parts = units.slice(start, start + 2).map(([name, size]) => {
		const value = Math.floor(rest / size)
		rest -= value * size
		return { name, value }
	})
	return parts
		.filter((part, index) => index === 0 || part.value > 0)
		.map(({ name, value }) => unit(value, name))
		.join(' ')
}

function formatCountdown(ms: number): string {
	const seconds = Math.max(0, Math.ceil(ms / 1000))
	const two = (value: number) => String(value).padStart(2, '0')
	const hours = Math.floor(seconds / 3600)
	const minutes = Math.floor(seconds / 60) % 60
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
