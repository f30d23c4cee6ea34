import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { call, hello } from '../support/call.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'

const keys = ['sk-planted-first-0123456789', 'sk-planted-second-012345678']
const metricsKey = 'scraper-key-0123456789'

interface Series {
	labels: Record<string, string>
	value: number
}

/** Reads the text format with code of the test's own. */
function parseMetrics(text: string): Map<string, Series[]> {
	const all = new Map<string, Series[]>()
	for (const line of text.split('\n')) {
		if (line === '' || line.startsWith('#')) continue
		const [, name = '', inner = '', value = ''] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
		if (name === '') throw new Error(`no sample: ${line}`)
		const pairs = [...inner.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [
			label,
			text,
		])
		const labels = Object.fromEntries(pairs) as Record<string, string>
		all.set(name, [...(all.get(name) ?? []), { labels, value: Number(value) }])
	}
	return all
}

let proxy: TestProxy
let upstream: Awaited<ReturnType<typeof startOpenAiUpstream>>
let text = ''
let metrics: Map<string, Series[]>

const scrape = (key?: string, url = proxy.url) =>
	fetch(`${url}/metrics`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } })

beforeAll(async () => {
	upstream = await startOpenAiUpstream()
	proxy = await startProxy({ METRICS_KEY: metricsKey, ADMIN_ACCESS_KEY: 'admin-key-0123456789' })
	await proxy.use({ type: 'openai', baseUrl: upstream.url, name: 'a "quoted"\\ name' }, keys)
	const [first] = keys
	upstream.keyFaults.set(first!, { status: 500, body: { error: { message: `broken ${first}` } } })
	await call(proxy, { ...hello, stream: true })
	await call(proxy)
	upstream.keyFaults.set(keys[1]!, { status: 400, body: { error: { message: 'not like this' } } })
	await call(proxy, { ...hello, model: 'sk-planted-as-a-model-name-012345' })
	await call(proxy, hello, { headers: { 'x-api-key': 'wrong' } })
	await proxy.services.flush()
	text = await (await scrape(metricsKey)).text()
	metrics = parseMetrics(text)
})
afterAll(async () => {
	await proxy?.close()
	await upstream?.close()
})

const sum = (name: string, labels: Record<string, string> = {}) =>
	(metrics.get(name) ?? [])
		.filter(series => Object.entries(labels).every(([label, value]) => series.labels[label] === value))
		.reduce((total, { value }) => total + value, 0)

describe('GET /metrics', () => {
	test.each([undefined, 'wrong', accessKey])('is closed to the key %s', async key => {
		await proxy.services.database.execute('DELETE FROM login_attempts')
		expect((await scrape(key)).status).toBe(401)
	})

	test('guessing the admin key is slowed down, and METRICS_KEY is spared', async () => {
		const statuses: number[] = []
		for (let count = 0; count < 12; count++) statuses.push((await scrape(`guess ${count}`)).status)
		expect(statuses.at(-1)).toBe(429)
		expect((await scrape(metricsKey)).status).toBe(200)
		await proxy.services.database.execute('DELETE FROM login_attempts')
	})

	test('opens to the admin key and to METRICS_KEY, over both adapters', async () => {
		expect((await scrape('admin-key-0123456789')).status).toBe(200)
		const other = await startProxy({}, 'fetch')
		const answer = await scrape(accessKey, other.url)
		expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
		expect(await answer.text()).toContain('claude_proxy_open_requests 0')
		await other.close()
	})

	test('counts requests, attempts, tokens and refusals as they were', { tags: ['own-counters'] }, () => {
		expect(sum('claude_proxy_requests_total')).toBe(4)
		expect(sum('claude_proxy_requests_total', { outcome: 'refused' })).toBe(1)
		expect(sum('claude_proxy_requests_total', { outcome: 'ok', stream: 'true', family: 'gpt' })).toBe(1)
		expect(sum('claude_proxy_requests_total', { outcome: 'client' })).toBe(1)
		expect(sum('claude_proxy_attempts_total', { outcome: 'server', decision: 'next_key' })).toBe(1)
		expect(sum('claude_proxy_attempts_total')).toBe(4)
		expect(sum('claude_proxy_refused_total', { type: 'authentication_error' })).toBe(1)
		expect(sum('claude_proxy_tokens_total', { kind: 'output' })).toBeGreaterThan(0)
		expect(sum('claude_proxy_first_content_seconds_count')).toBe(2)
		expect(sum('claude_proxy_request_duration_seconds_bucket', { le: '+Inf' })).toBe(2)
		expect(sum('claude_proxy_keys')).toBe(2)
		expect(sum('claude_proxy_keys_cooling')).toBe(1)
		expect(sum('claude_proxy_database_up')).toBe(1)
		expect(sum('claude_proxy_open_requests')).toBe(0)
		expect(sum('claude_proxy_write_behind_written_total', { queue: 'requests' })).toBe(4)
		expect(sum('process_resident_memory_bytes')).toBeGreaterThan(1e6)
	})

	test('buckets grow and end in the count', () => {
		for (const name of ['claude_proxy_first_content_seconds', 'claude_proxy_request_duration_seconds']) {
			const buckets = metrics.get(`${name}_bucket`)!.filter(({ labels }) => labels.stream === 'true')
			const values = buckets.map(({ value }) => value)
			expect(values).toEqual([...values].sort((one, other) => one - other))
			expect(values.at(-1)).toBe(sum(`${name}_count`, { stream: 'true' }))
		}
	})

	test('labels are escaped, few, and hold no key', { tags: ['own-counters'] }, () => {
		expect(text).toContain('upstream="a \\"quoted\\"\\\\ name"')
		expect(text).not.toContain('planted')
		const families = new Set(metrics.get('claude_proxy_requests_total')!.map(({ labels }) => labels.family))
		expect([...families].sort()).toEqual(['gpt', 'none', 'other'])
	})
})

describe('docs/grafana-dashboard.json', () => {
	const file = readFileSync(join(projectRoot, 'docs/grafana-dashboard.json'), 'utf8')
	const dashboard = JSON.parse(file) as {
		panels: { title: string; targets: { expr: string; legendFormat: string }[] }[]
	}
	const targets = dashboard.panels.flatMap(panel =>
		panel.targets.map(target => [panel.title, target.expr, target.legendFormat] as const),
	)
	const ofHistogram = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '')
	const namesIn = (expression: string) => [
		...new Set(expression.match(/\b(?:claude_proxy|process|nodejs)_\w+/g)),
	]

	// A counter without an event has no series yet, but it is told of.
	test.each(targets)(
		'%s: what it asks for is scraped (%s)',
		{ tags: ['own-counters'] },
		(_title, expression, legend) => {
			const names = namesIn(expression)
			expect(names.length).toBeGreaterThan(0)
			for (const name of names) expect(text).toMatch(new RegExp(`^# TYPE ${ofHistogram(name)} `, 'm'))
			const known = new Set(
				names.flatMap(name => metrics.get(name) ?? []).flatMap(({ labels }) => Object.keys(labels)),
			)
			if (known.size === 0 && names.every(name => name.includes('webhook'))) known.add('outcome')
			const inBraces = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) =>
				[...inner.matchAll(/(\w+)\s*[=!]~?/g)].map(([, label]) => label),
			)
			const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
				list.split(/,\s*/),
			)
			const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
			for (const label of [...inBraces, ...grouped, ...shown]) expect([...known]).toContain(label)
		},
	)

	test('shows every metric that there is', () => {
		const asked = new Set(targets.flatMap(([, expression]) => namesIn(expression).map(ofHistogram)))
		const told = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name)
		expect(told.filter(name => !asked.has(name!))).toEqual([])
	})
})
