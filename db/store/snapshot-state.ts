import type { KeyHealth, KeySnapshot, Snapshot } from '../../core/config/snapshot.ts'
import type { KeyDemotion, KeyFailure } from '../../core/ports.ts'
import type { LoadedConfig } from '../repositories/config-load.ts'
import type { KeyProbe, KeySuccess } from '../repositories/key-health.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { type FactNews, FactTable } from './fact-table.ts'
import { afterDemotion, afterFailure, afterSuccess, type ScopeHealth } from './health-rule.ts'
import { type OwnProbe, OwnProbes } from './own-probes.ts'

export type HealthNewsKind =
	| { kind: 'failed'; failure: KeyFailure }
	| { kind: 'succeeded'; success: KeySuccess }
	| { kind: 'probe-started'; probe: KeyProbe }
	| { kind: 'probe-ended'; probe: KeyProbe }
	| { kind: 'demoted'; demotion: KeyDemotion }
	| { kind: 'learned'; learned: FactNews }

/** Something that a request learnt about a key or a model; `at` by the database's clock, `elapsed` by ours. */
export type HealthNews = HealthNewsKind & { at: number; elapsed: number }

/** Health by key, then scope. */
export type HealthTable = ReadonlyMap<string, ReadonlyMap<string, ScopeHealth>>

type Base = Omit<Snapshot, 'upstreams'> & {
	upstreams: readonly (Omit<Snapshot['upstreams'][number], 'keys'> & { keys: readonly BaseKey[] })[]
}
type BaseKey = Omit<KeySnapshot, 'health'>

const NO_HEALTH: ReadonlyMap<string, KeyHealth> = new Map()

/** The configuration and health that an instance believes in: what the database said, and its own news on top. */
export class SnapshotState {
	readonly #keyRing: KeyRing
	#base: Base | undefined
	#health: HealthTable = new Map()
	readonly #probes = new OwnProbes()
	/** Opened once per sealed text, since opening a key costs 0.1 ms. */
	#opened = new Map<string, string | undefined>()
	#snapshot: Snapshot | undefined
	readonly facts = new FactTable()

	constructor(keyRing: KeyRing) {
		this.#keyRing = keyRing
	}

	get snapshot(): Snapshot | undefined {
		return this.#snapshot
	}

	healthOf(keyId: string): ReadonlyMap<string, KeyHealth> {
		return this.#health.get(keyId) ?? NO_HEALTH
	}

	/** Takes a configuration read from the database, and replays what it may not contain yet. */
	load(config: LoadedConfig, health: HealthTable, news: readonly HealthNews[]): void {
		const opened = new Map<string, string | undefined>()
		const openKey = (sealed: string, id: string) => {
			const secret = this.#opened.has(sealed) ? this.#opened.get(sealed) : this.#keyRing.open(sealed, id)
			opened.set(sealed, secret)
			return secret
		}
		this.#base = {
			revision: config.revision,
			stateVersion: config.stateVersion,
			strategy: config.strategy,
			recording: config.settings.recording,
			currentUpstreamId: config.currentUpstreamId,
			upstreams: config.upstreams.map(({ position, createdAt, ...upstream }) => ({
				...upstream,
				keys: upstream.keys.map(key => ({
					id: key.id,
					secret: openKey(key.secret, key.id),
					mask: key.mask,
					enabled: key.enabled !== 0,
				})),
			})),
		}
		this.#opened = opened
		this.facts.load(config.facts)
		this.replaceHealth(health, news)
	}

	/** Takes the health that the database knows, and replays what it may not contain yet. */
	replaceHealth(health: HealthTable, news: readonly HealthNews[]): void {
		this.#health = health
		for (const item of news) this.#apply(item)
		for (const probe of this.#probes.list()) this.#showProbe(probe)
		this.#rebuild()
	}

	startProbe(probe: KeyProbe, at: number): OwnProbe {
		const own = this.#probes.start(probe, at)
		this.#showProbe(own)
		this.#rebuild()
		return own
	}

	/** False when it was over already. */
	endProbe(probe: OwnProbe): boolean {
		if (!this.#probes.end(probe)) return false
		this.#hideProbe(probe)
		this.#rebuild()
		return true
	}

	add(news: HealthNews): void {
		this.#apply(news)
		if (news.kind === 'failed') this.#settleProbe(news.failure)
		if (news.kind === 'succeeded') this.#settleProbe(news.success)
		this.#rebuild()
	}

	#apply(news: HealthNews): void {
		switch (news.kind) {
			case 'failed': {
				const { keyId, scope } = news.failure
				const before = this.#scopeHealth(keyId, scope)
				this.#setHealth(keyId, scope, afterFailure(before, news.failure, news.at))
				return
			}
			case 'succeeded': {
				const { keyId, scope, ageMs } = news.success
				const before = this.#scopeHealth(keyId, scope)
				if (before !== undefined) this.#setHealth(keyId, scope, afterSuccess(before, ageMs, news.at))
				return
			}
			case 'probe-ended':
				this.#hideProbe(news.probe)
				return
			case 'probe-started':
				return
			case 'demoted':
				this.#demote(news.demotion)
				return
			case 'learned':
				this.facts.add(news.learned)
		}
	}

	#scopeHealth(keyId: string, scope: string): ScopeHealth | undefined {
		return this.#health.get(keyId)?.get(scope)
	}

	#setHealth(keyId: string, scope: string, health: ScopeHealth): void {
		const scopes = new Map(this.#health.get(keyId)).set(scope, health)
		this.#health = new Map(this.#health).set(keyId, scopes)
	}

	/** Any answer that tells of the key is as good as the probe's own. */
	#settleProbe({ keyId, scope }: KeyProbe): void {
		if (this.#scopeHealth(keyId, scope)?.probeUntil === 0) this.#probes.settle(keyId, scope)
	}

	#showProbe({ keyId, scope, until }: OwnProbe): void {
		const health = this.#scopeHealth(keyId, scope)
		if (health === undefined || health.streak === 0) return this.#probes.settle(keyId, scope)
		this.#setHealth(keyId, scope, { ...health, probeUntil: Math.max(health.probeUntil, until) })
	}

	#hideProbe({ keyId, scope }: KeyProbe): void {
		const health = this.#scopeHealth(keyId, scope)
		if (health !== undefined) this.#setHealth(keyId, scope, { ...health, probeUntil: 0 })
	}

	#demote(demotion: KeyDemotion): void {
		if (this.#base === undefined) return
		const upstreams = this.#base.upstreams.map(upstream => {
			if (upstream.id !== demotion.upstreamId) return upstream
			const byId = new Map(upstream.keys.map(key => [key.id, key]))
			const order = afterDemotion([...byId.keys()], demotion.keys, demotion.workedId)
			return { ...upstream, keys: order.map(id => byId.get(id)!) }
		})
		this.#base = { ...this.#base, upstreams }
	}

	#rebuild(): void {
		if (this.#base === undefined) return
		const upstreams = this.#base.upstreams.map(upstream => ({
			...upstream,
			keys: upstream.keys.map(key => ({ ...key, health: this.#health.get(key.id) ?? NO_HEALTH })),
		}))
		this.#snapshot = { ...this.#base, upstreams }
	}
}
