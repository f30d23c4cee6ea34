import type { UpstreamSnapshot } from '../../../core/config/snapshot.ts'
import { coolingUntil } from '../../../core/keys/readiness.ts'
import { isUsable } from '../../../core/keys/strategy.ts'
import type { KeyDemotion, RequestRecord } from '../../../core/ports.ts'
import type { ConfigStore } from '../../../db/index.ts'
import type { RecentTraffic } from '../metrics/recent-traffic.ts'
import { Teller, type TellerOptions } from './teller.ts'

export interface IncidentsOptions extends TellerOptions {
	config: Pick<ConfigStore, 'status' | 'peek' | 'healthOf' | 'now'>
	traffic: RecentTraffic
	/** What is told as the database's name: no secret in it. */
	databaseLabel: string
	/** Of a hundred requests. */
	errorRate: number
}

/** How long the database must be away before that is news. */
const awayMs = 10_000
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Fewer requests say nothing about a rate. */
const fewRequests = 20

/**
 * Notices incidents as requests come and go, without timers, and has the webhooks told. Nothing here is waited for by a
 * request, and with no webhook it costs a comparison.
 */
export class Incidents {
	readonly #options: IncidentsOptions
	readonly #teller: Teller
	#awaySince: number | undefined
	#awayTold = false
	#errorsTold = false

	constructor(options: IncidentsOptions) {
		this.#options = options
		this.#teller = new Teller(options)
	}

	get listening(): boolean {
		return this.#teller.listens()
	}

	/** The list of webhooks is another. */
	changed(): void {
		this.#teller.refresh(true)
	}

	/** Looks at what may have changed without a request. */
	look(): void {
		this.#teller.refresh()
		if (!this.#teller.listens()) return
		this.#checkDatabase()
		this.#checkErrorRate()
	}

	observe({ attempts, upstreamId, upstreamModel }: RequestRecord): void {
		this.look()
		if (attempts.every(({ outcome }) => outcome === 'ok')) return
		this.#teller.whenKnown(() => {
			if (!this.#teller.listens('keys-cooling')) return
			const upstream = this.#find(({ id }) => id === upstreamId)
			if (upstream) this.#checkKeys(upstream, upstreamModel)
		})
	}

	demoted({ upstreamId, keys }: KeyDemotion): void {
		const upstream = this.#find(({ id }) => id === upstreamId)
		for (const { keyId, status, failureClass, message } of keys) {
			const key = upstream?.keys.find(({ id }) => id === keyId)
			const shown = { upstreamId, upstream: upstream?.name, keyId, key: key?.mask }
			const why = { status, class: failureClass, message }
			this.#teller.tell('key-demoted', keyId, 10 * minuteMs, { ...shown, ...why })
		}
	}

	/** A key works again that had failed. */
	recovered(keyId: string): void {
		this.#teller.whenKnown(() => {
			if (!this.#teller.listens('keys-cooling')) return
			const upstream = this.#find(({ keys }) => keys.some(({ id }) => id === keyId))
			if (upstream) this.#teller.end('keys-cooling', upstream.id)
		})
	}

	/** Resolves when all that was noticed is on its way. Never rejects. */
	flush(): Promise<void> {
		return this.#teller.flush()
	}

	#checkKeys(upstream: UpstreamSnapshot, model: string): void {
		const { config } = this.#options
		const now = config.now()
		const usable = upstream.keys.filter(isUsable)
		const untilOf = (scope: string) => usable.map(({ id }) => coolingUntil(config.healthOf(id), scope))
		if (usable.length === 0 || !untilOf(model).every(until => until > now)) return
		const whole = untilOf('').every(until => until > now)
		const { id, name } = upstream
		this.#teller.tell('keys-cooling', whole ? id : `${id} ${model}`, dayMs, {
			...{ upstreamId: id, upstream: name, ...(whole ? {} : { model }) },
			keys: usable.length,
			readyAt: new Date(Math.min(...untilOf(whole ? '' : model))).toISOString(),
		})
	}

	#checkErrorRate(): void {
		const { traffic, errorRate } = this.#options
		const { requests, failed } = traffic.sums()
		const percent = requests === 0 ? 0 : (100 * failed) / requests
		if (requests >= fewRequests && percent >= errorRate) {
			this.#errorsTold = true
			const data = { percent: Math.round(percent), requests, failed, seconds: 300 }
			this.#teller.tell('error-rate', 'all', 60 * minuteMs, data)
		} else if (this.#errorsTold && percent < errorRate / 2) {
			this.#errorsTold = false
			this.#teller.end('error-rate', 'all')
		}
	}

	#checkDatabase(): void {
		const { config, clock, databaseLabel: database } = this.#options
		const { error } = config.status()
		const now = clock.elapsed()
		if (error !== undefined) {
			this.#awaySince ??= now
			if (this.#awayTold || now - this.#awaySince < awayMs) return
			this.#awayTold = true
			const at = clock.now() - (now - this.#awaySince)
			const since = new Date(at).toISOString()
			this.#teller.send('database-away', 'database', { database, since, error }, at)
			return
		}
		if (this.#awayTold) this.#teller.tell('database-back', 'database', 5 * minuteMs, { database })
		this.#awayTold = false
		this.#awaySince = undefined
	}

	/** Only the snapshot at hand: nothing here waits for the database. */
	#find(fits: (upstream: UpstreamSnapshot) => boolean): UpstreamSnapshot | undefined {
		return this.#options.config.peek()?.upstreams.find(fits)
	}
}
