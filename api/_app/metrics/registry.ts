/** Prometheus metrics as text: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export interface Registry {
	/** `names` of the labels; each series is counted up by `increment`. */
	counter<Label extends string>(name: string, help: string, names: readonly Label[]): Counter<Label>
	histogram<Label extends string>(
		name: string,
		help: string,
		names: readonly Label[],
		buckets: readonly number[],
	): Histogram<Label>
	/** Read when asked for. */
	read(name: string, help: string, type: 'gauge' | 'counter', collect: () => Iterable<Sample>): void
	text(): string
}

export interface Counter<Label extends string> {
	increment(labels: Record<Label, string>, by?: number): void
	/** One series of it, for those who count it often. It is shown from now on. */
	series(labels: Record<Label, string>): { value: number }
}

export interface Histogram<Label extends string> {
	observe(labels: Record<Label, string>, value: number): void
	series(labels: Record<Label, string>): HistogramSeries
}

export interface HistogramSeries {
	observe(value: number): void
}

export interface Sample {
	labels?: Record<string, string>
	value: number
}

/** Series that one metric may have; what comes beyond it is counted as `other`. */
const maxSeries = 2000

export function createRegistry(): Registry {
	const families: (() => string)[] = []
	const add = (name: string, help: string, type: string, lines: () => string[]) =>
		families.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()].join('\n'))

	return {
		counter(name, help, names) {
			const series = createSeries(names, () => ({ value: 0 }))
			add(name, help, 'counter', () => series.list().map(([labels, { value }]) => line(name, labels, value)))
			return {
				increment(labels, by = 1) {
					series.of(labels).value += by
				},
				series: labels => series.of(labels),
			}
		},
		histogram(name, help, names, buckets) {
			const series = createSeries(names, () => new Buckets(buckets))
			add(name, help, 'histogram', () =>
				series.list().flatMap(([labels, data]) => describeHistogram(name, labels, buckets, data)),
			)
			return {
				observe: (labels, value) => series.of(labels).observe(value),
				series: labels => series.of(labels),
			}
		},
		read(name, help, type, collect) {
			add(name, help, type, () =>
				[...collect()].map(({ labels = {}, value }) => line(name, writeLabels(labels), value)),
			)
		},
		text: () => `${families.map(write => write()).join('\n')}\n`,
	}
}

class Buckets implements HistogramSeries {
	readonly counts: number[]
	sum = 0
	count = 0
	readonly #limits: readonly number[]

	constructor(limits: readonly number[]) {
		this.#limits = limits
		this.counts = new Array<number>(limits.length).fill(0)
	}

	observe(value: number): void {
		this.sum += value
		this.count++
		const at = this.#limits.findIndex(limit => value <= limit)
		if (at !== -1) this.counts[at] = (this.counts[at] ?? 0) + 1
	}
}

/** Labels are written out when asked for: on the way of a request their values alone tell a series. */
function createSeries<Label extends string, Data>(names: readonly Label[], create: () => Data) {
	const all = new Map<string, { labels: string; data: Data }>()
	const keyOf = (labels: Record<Label, string>) => {
		let key = ''
		for (const name of names) key += `${labels[name]}\n`
		return key
	}
	const other = Object.fromEntries(names.map(name => [name, 'other'])) as Record<Label, string>
	return {
		list: () => [...all.values()].map(({ labels, data }) => [labels, data] as const),
		of(wanted: Record<Label, string>): Data {
			const known = all.get(keyOf(wanted))
			if (known) return known.data
			if (all.size >= maxSeries && wanted !== other) return this.of(other)
			const series = { labels: writeLabels(wanted), data: create() }
			all.set(keyOf(wanted), series)
			return series.data
		},
	}
}

function describeHistogram(
	name: string,
	labels: string,
	buckets: readonly number[],
	{ counts, sum, count }: { counts: readonly number[]; sum: number; count: number },
): string[] {
	let below = 0
	const withLimit = (limit: string) => (labels === '' ? `le="${limit}"` : `${labels},le="${limit}"`)
	const lines = buckets.map((limit, index) => {
		below += counts[index] ?? 0
		return line(`${name}_bucket`, withLimit(String(limit)), below)
	})
	return [
		...lines,
		line(`${name}_bucket`, withLimit('+Inf'), count),
		line(`${name}_sum`, labels, sum),
		line(`${name}_count`, labels, count),
	]
}

const line = (name: string, labels: string, value: number) =>
	`${name}${labels === '' ? '' : `{${labels}}`} ${formatValue(value)}`

const formatValue = (value: number) =>
	Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'

function writeLabels(labels: Readonly<Record<string, string>>): string {
	return Object.entries(labels)
		.map(([name, value]) => `${name}="${escapeValue(value)}"`)
		.join(',')
}

const escapeValue = (value: string) =>
	value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
