import { clock, random } from '../api/_app/runtime.ts'
import { createNodeTransport } from '../api/_app/transport/node-transport.ts'
import type { Snapshot } from '../core/config/snapshot.ts'
import type { ProxyServices } from '../core/proxy/request-scope.ts'
import { findAdapter } from '../core/upstreams/registry.ts'
import { createConfigStore } from '../db/index.ts'
import type { ConfigSession } from './config-session.ts'

/** What a command needs to call upstreams itself. */
export interface UpstreamAccess {
	snapshot: Snapshot
	services: ProxyServices
	close(): void
}

/** The proxy's own way to upstreams, without a log of requests. */
export async function openUpstreamAccess(session: ConfigSession): Promise<UpstreamAccess> {
	const { database, keyRing, environment } = session
	const config = createConfigStore({ database, keyRing })
	const transport = createNodeTransport()
	const services: ProxyServices = {
		...{ transport, clock, random, findAdapter },
		keyHealth: config,
		learnedFacts: config.learnedFacts,
		tokenRates: { factor: () => 1, wants: () => false, ready: async () => {} },
		record() {},
		reportFault(error) {
			throw error
		},
		nextTurn: () => 0,
		now: () => config.now(),
		silenceMs: environment.REQUEST_TIMEOUT,
	}
	return { snapshot: await config.current(), services, close: () => transport.close() }
}
