import { clock, random } from '../api/_app/runtime.ts'
import { createNodeTransport } from '../api/_app/transport/node-transport.ts'
import type { Environment } from '../core/config/environment.ts'
import type { KeyHealth, Snapshot } from '../core/config/snapshot.ts'
import type { KeyHealthSink } from '../core/ports.ts'
import type { ProxyServices } from '../core/proxy/request-scope.ts'
import { createUpstreamSlots } from '../core/proxy/upstream-slots.ts'
import { findAdapter } from '../core/upstreams/registry.ts'
import { createConfigStore } from '../db/index.ts'
import type { ConfigSession } from './config-session.ts'

/** What a command needs to call upstreams itself. */
export interface UpstreamAccess {
	snapshot: Snapshot
	services: ProxyServices
	/** Writes what was learned of upstreams and keys. */
	flush(): Promise<void>
	close(): void
}

type Waits = Pick<Environment, 'REQUEST_TIMEOUT' | 'FIRST_CONTENT_TIMEOUT'>

/** The proxy's own way to upstreams, without a log of requests. */
export async function openUpstreamAccess(session: ConfigSession): Promise<UpstreamAccess> {
	const { database, keyRing, environment } = session
	const config = createConfigStore({ database, keyRing })
	const { services, close } = createBareServices(environment)
	const known = { keyHealth: config, learnedFacts: config.learnedFacts, now: () => config.now() }
	return {
		snapshot: await config.current(),
		services: { ...services, ...known },
		flush: () => config.flush(),
		close,
	}
}

/** Ways to upstreams that know of no database: what is learned on them is forgotten. */
export function createBareServices(environment: Waits): { services: ProxyServices; close(): void } {
	const transport = createNodeTransport()
	const services: ProxyServices = {
		...{ transport, clock, random, findAdapter },
		keyHealth: carelessHealth,
		learnedFacts: { of: () => [], remember() {} },
		tokenRates: { factor: () => 1, wants: () => false, ready: async () => {} },
		record() {},
		reportFault(error) {
			throw error
		},
		nextTurn: () => 0,
		now: () => clock.now(),
		silenceMs: environment.REQUEST_TIMEOUT,
		firstContentMs: environment.FIRST_CONTENT_TIMEOUT,
		slots: createUpstreamSlots({ clock, maxWaiting: 0, patienceMs: 0 }),
	}
	return { services, close: () => transport.close() }
}

const healthy: ReadonlyMap<string, KeyHealth> = new Map()

/** Takes every key for healthy, and remembers nothing of them. */
export const carelessHealth: KeyHealthSink = {
	healthOf: () => healthy,
	failed() {},
	succeeded() {},
	startProbe: () => () => {},
	demoted() {},
}
