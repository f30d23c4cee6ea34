import type { Snapshot, UpstreamSnapshot } from '../../../core/config/snapshot.ts'
import type { UpstreamAdapter } from '../../../core/upstreams/contract.ts'
import type { AppServices } from '../services.ts'
import { AdminError } from './errors.ts'

/** The configuration with its keys opened, and an upstream of it; one that is newer than what is at hand is looked for. */
export async function findSnapshot(
	{ config }: AppServices,
	id: string,
): Promise<{ snapshot: Snapshot; upstream: UpstreamSnapshot }> {
	for (const isLast of [false, true]) {
		if (isLast) await config.refresh()
		const snapshot = await config.current()
		const upstream = snapshot.upstreams.find(one => one.id === id)
		if (upstream) return { snapshot, upstream }
	}
	throw new AdminError(404, 'not-found', 'there is no such upstream')
}

/** The adapter of a type that a request names. */
export function findAdapterOf({ proxy }: AppServices, type: string): UpstreamAdapter {
	const adapter = proxy.findAdapter(type)
	if (adapter) return adapter
	const message = 'this version does not know this type of upstream'
	throw new AdminError(400, 'invalid', `type: ${message}`, { fields: [{ path: 'type', message }] })
}
