import { expect, test } from 'vitest'
import { createRegistry } from './registry.ts'

test('writes counters, histograms and what is read, as Prometheus reads them', () => {
	const registry = createRegistry()
	const counter = registry.counter('jobs_total', 'Jobs.', ['kind'])
	const histogram = registry.histogram('job_seconds', 'Time.', ['kind'], [1, 5])
	registry.read('jobs_open', 'Now.', 'gauge', () => [
		{ value: 3 },
		{ labels: { kind: 'x' }, value: Infinity },
	])
	counter.increment({ kind: 'a "b"\n\\' })
	counter.increment({ kind: 'a "b"\n\\' }, 2)
	for (const value of [0.5, 1, 4, 60]) histogram.observe({ kind: 'a' }, value)
	expect(registry.text()).toBe(`# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total{kind="a \\"b\\"\\n\\\\"} 3
# HELP job_seconds Time.
# TYPE job_seconds histogram
job_seconds_bucket{kind="a",le="1"} 2
job_seconds_bucket{kind="a",le="5"} 3
job_seconds_bucket{kind="a",le="+Inf"} 4
job_seconds_sum{kind="a"} 65.5
job_seconds_count{kind="a"} 4
# HELP jobs_open Now.
# TYPE jobs_open gauge
jobs_open 3
jobs_open{kind="x"} +Inf
`)
})

test('the series of a metric are bounded: what comes beyond is counted as other', () => {
	const registry = createRegistry()
	const counter = registry.counter('jobs_total', 'Jobs.', ['kind'])
	for (let index = 0; index < 5000; index++) counter.increment({ kind: String(index) })
	const lines = registry.text().trimEnd().split('\n').slice(2)
	expect(lines).toHaveLength(2001)
	expect(lines.at(-1)).toBe('jobs_total{kind="other"} 3000')
})
