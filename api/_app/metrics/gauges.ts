import { monitorEventLoopDelay } from 'node:perf_hooks'
import { coolingUntil } from '../../../core/keys/readiness.ts'
import { isUsable } from '../../../core/keys/strategy.ts'
import type { AppServices } from '../services.ts'
import type { Registry, Sample } from './registry.ts'

/** What is read when metrics are asked for: nothing of it costs a request anything. */
export function addGauges(registry: Registry, services: AppServices): void {
	addLimits(registry, services)
	addUpstreams(registry, services)
	addDatabase(registry, services)
	addProcess(registry, services)
}

const one = (value: number): Sample[] => [{ value }]

function addLimits(registry: Registry, { observation, proxy, config, environment }: AppServices): void {
	const { gate, outbox } = observation
	const most = environment.MAX_CONCURRENT_REQUESTS
	registry.read('claude_proxy_open_requests', 'Requests being answered.', 'gauge', () => one(gate.running))
	registry.read('claude_proxy_open_requests_limit', 'MAX_CONCURRENT_REQUESTS.', 'gauge', () => one(most))
	registry.read('claude_proxy_queued_requests', 'Requests that wait for a place.', 'gauge', () =>
		one(gate.waiting),
	)
	registry.read(
		'claude_proxy_upstream_open_requests',
		'Requests being answered by an upstream.',
		'gauge',
		() => {
			const usage = proxy.slots.usage()
			const upstreams = config.peek()?.upstreams ?? []
			return upstreams.map(({ id, name }) => ({
				labels: { upstream: name },
				value: usage.get(id)?.running ?? 0,
			}))
		},
	)
	registry.read('claude_proxy_webhooks_pending', 'Webhook messages on their way.', 'gauge', () =>
		one(outbox.pending),
	)
}

function addUpstreams(registry: Registry, { config }: AppServices): void {
	const count = (wanted: 'usable' | 'cooling') => () => {
		const { upstreams = [] } = config.peek() ?? {}
		const now = config.now()
		return upstreams.map(({ name, keys }) => {
			const usable = keys.filter(isUsable)
			const cooling = usable.filter(({ id }) => coolingUntil(config.healthOf(id), '') > now)
			return { labels: { upstream: name }, value: (wanted === 'usable' ? usable : cooling).length }
		})
	}
	registry.read('claude_proxy_keys', 'Keys that may be used, cooling or not.', 'gauge', count('usable'))
	registry.read('claude_proxy_keys_cooling', 'Keys among them that cool.', 'gauge', count('cooling'))
	registry.read('claude_proxy_current_upstream', '1 for the upstream that answers.', 'gauge', () => {
		const snapshot = config.peek()
		return (snapshot?.upstreams ?? []).map(({ id, name }) => ({
			labels: { upstream: name },
			value: Number(id === snapshot?.currentUpstreamId),
		}))
	})
}

function addDatabase(registry: Registry, { config, requestLog, payloads }: AppServices): void {
	const queues = () => ({
		...{ requests: requestLog.stats(), payloads: payloads.stats() },
		key_health: config.status().health,
	})
	const each = (field: 'pending' | 'written' | 'dropped') => () =>
		Object.entries(queues()).map(([queue, stats]) => ({ labels: { queue }, value: stats[field] }))
	registry.read('claude_proxy_database_up', '0 while the database is away.', 'gauge', () =>
		one(Number(config.status().ok)),
	)
	registry.read(
		'claude_proxy_snapshot_age_seconds',
		'Age of the configuration that requests are answered with; it is checked when a request comes.',
		'gauge',
		() => one(config.status().snapshotAgeMs / 1000),
	)
	registry.read('claude_proxy_revision', 'Number of the configuration in use.', 'gauge', () =>
		one(config.peek()?.revision ?? 0),
	)
	registry.read('claude_proxy_write_behind_pending', 'Rows that wait.', 'gauge', each('pending'))
	registry.read('claude_proxy_write_behind_written_total', 'Rows written.', 'counter', each('written'))
	registry.read(
		'claude_proxy_write_behind_dropped_total',
		'Rows given up: the queue was full, or the database refused them.',
		'counter',
		each('dropped'),
	)
}

function addProcess(registry: Registry, { version }: AppServices): void {
	const memory = (field: keyof NodeJS.MemoryUsage) => () => one(process.memoryUsage()[field])
	// Measured from the first scrape on: who does not scrape does not pay for the timer.
	let delay: ReturnType<typeof monitorEventLoopDelay> | undefined
	registry.read(
		'claude_proxy_event_loop_lag_seconds',
		'How late timers ran since the last scrape, at most and on average.',
		'gauge',
		() => {
			if (!delay) {
				delay = monitorEventLoopDelay({ resolution: 20 })
				delay.enable()
			}
			const late = (ns: number) => Math.max(0, Number.isFinite(ns) ? ns / 1e9 - 0.02 : 0)
			const samples = [
				{ labels: { kind: 'max' }, value: late(delay.max) },
				{ labels: { kind: 'mean' }, value: late(delay.mean) },
			]
			delay.reset()
			return samples
		},
	)
	registry.read('claude_proxy_build_info', 'Version, always 1.', 'gauge', () => [
		{ labels: { version, node: process.version }, value: 1 },
	])
	registry.read('process_resident_memory_bytes', 'Memory in use.', 'gauge', memory('rss'))
	registry.read('nodejs_heap_size_used_bytes', 'Heap in use.', 'gauge', memory('heapUsed'))
	registry.read('process_cpu_seconds_total', 'CPU time.', 'counter', () => {
		const { user, system } = process.cpuUsage()
		return one((user + system) / 1e6)
	})
	registry.read('process_start_time_seconds', 'Start of the process, epoch.', 'gauge', () =>
		one(Math.round(performance.timeOrigin / 1000)),
	)
}
