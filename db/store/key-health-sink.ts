import type { KeyHealthSink } from '../../core/ports.ts'
import type { HealthNewsKind, SnapshotState } from './snapshot-state.ts'

/** What requests tell of keys: it holds in the snapshot at hand at once, and goes on its way into the database. */
export function createKeyHealthSink(options: {
	state: SnapshotState
	/** Epoch ms by the database's clock. */
	now: () => number
	learn: (news: HealthNewsKind) => void
}): KeyHealthSink {
	const { state, now, learn } = options
	return {
		healthOf: keyId => state.healthOf(keyId),
		failed: failure => learn({ kind: 'failed', failure }),
		succeeded: success => learn({ kind: 'succeeded', success }),
		startProbe(probe) {
			const own = state.startProbe(probe, now())
			learn({ kind: 'probe-started', probe })
			return () => {
				if (state.endProbe(own)) learn({ kind: 'probe-ended', probe })
			}
		},
		demoted: demotion => learn({ kind: 'demoted', demotion }),
	}
}
