import type { Environment } from '../../core/config/environment.ts'
import type { KeyHealthSink, Recorder, Transport } from '../../core/ports.ts'
import { FairQueue } from '../../core/proxy/fair-queue.ts'
import {
	type ConfigStore,
	createWebhooks,
	type Database,
	type KeyRing,
	type WebhookStore,
} from '../../db/index.ts'
import type { Logger } from './logger.ts'
import { createProxyMetrics, type ProxyMetrics } from './metrics/proxy-metrics.ts'
import { RecentTraffic } from './metrics/recent-traffic.ts'
import { clock } from './runtime.ts'
import { startTelemetry, type Telemetry } from './telemetry/telemetry.ts'
import type { DeliveryMeans } from './webhooks/deliver.ts'
import { Incidents } from './webhooks/incidents.ts'
import { createOutbox, type Outbox } from './webhooks/outbox.ts'

/** How the proxy is watched, and how much it takes at once. */
export interface Observation {
	/** The places of MAX_CONCURRENT_REQUESTS. */
	gate: FairQueue
	metrics: ProxyMetrics
	traffic: RecentTraffic
	webhooks: WebhookStore
	incidents: Incidents
	outbox: Outbox
	/** For a message on demand. */
	delivery: DeliveryMeans
	telemetry: Telemetry | undefined
	record: Recorder
	/** Sends what waits to be sent. Never rejects. */
	flush(): Promise<void>
	close(): Promise<void>
}

export interface ObservationOptions {
	environment: Environment
	logger: Logger
	version: string
	database: Database
	keyRing: KeyRing
	config: ConfigStore
	transport: Transport
	defer?: (work: Promise<unknown>) => void
}

/** How long a function that ends waits for webhooks, ms. */
const patienceMs = 8000

export async function createObservation(options: ObservationOptions): Promise<Observation> {
	const { environment, logger, database, config, defer } = options
	const metrics = createProxyMetrics()
	const traffic = new RecentTraffic(clock)
	const webhooks = createWebhooks(database, options.keyRing)
	const delivery = { transport: options.transport, clock, userAgent: `claude-proxy/${options.version}` }
	const outbox = createOutbox({
		...delivery,
		...(defer && { defer }),
		onSettled(target, { ok, status, error }) {
			metrics.webhook(ok ? 'delivered' : 'failed')
			if (!ok) logger.warn({ webhook: target.name, status, error }, 'a webhook could not be told')
			webhooks.noteDelivery(target.id, { status, error }).catch(() => {})
		},
		onDropped: () => metrics.webhook('dropped'),
	})
	const incidents = new Incidents({
		...{ store: webhooks, config, traffic, outbox, clock },
		databaseLabel: database.label,
		errorRate: environment.ALERT_ERROR_RATE,
		onError: error => logger.debug({ err: error }, 'webhooks could not be read or written'),
	})
	const telemetry = await startTelemetry(options.version)
	return {
		...{ metrics, traffic, webhooks, incidents, outbox, delivery, telemetry },
		gate: new FairQueue({
			clock,
			maxWaiting: environment.MAX_QUEUED_REQUESTS,
			patienceMs: environment.QUEUE_TIMEOUT,
		}),
		record(record) {
			metrics.observe(record)
			traffic.observe(record)
			incidents.observe(record)
		},
		async flush() {
			const tell = async () => {
				await incidents.flush()
				if (outbox.pending > 0) await outbox.flush(patienceMs)
			}
			await Promise.all([tell(), telemetry?.flush()])
		},
		async close() {
			outbox.close()
			await Promise.all([outbox.flush(1000), telemetry?.close()])
		},
	}
}

/** Key health that tells the incidents what it hears. */
export function watchKeys(config: ConfigStore, incidents: Incidents): KeyHealthSink {
	return {
		healthOf: config.healthOf,
		failed: config.failed,
		startProbe: config.startProbe,
		succeeded(success) {
			config.succeeded(success)
			incidents.recovered(success.keyId)
		},
		demoted(demotion) {
			config.demoted(demotion)
			incidents.demoted(demotion)
		},
	}
}
