import type { Strategy, UpstreamConfig } from './upstream.ts'

/** What a revision changed, for people and interfaces. Holds ids, names and masks; never a key. */
export type Change =
	| { kind: 'upstream-added'; upstreamId: string; name: string; fields: Partial<UpstreamConfig> }
	| { kind: 'upstream-changed'; upstreamId: string; name: string; fields: Record<string, FieldChange> }
	| { kind: 'upstream-removed'; upstreamId: string; name: string; keyCount: number }
	/** `names` by id. */
	| { kind: 'upstreams-reordered'; from: string[]; to: string[]; names: Record<string, string> }
	| {
			kind: 'current-changed'
			from: string | undefined
			to: string | undefined
			fromName?: string
			toName?: string
	  }
	| { kind: 'strategy-changed'; from: Strategy; to: Strategy }
	| { kind: 'setting-changed'; setting: string; from: unknown; to: unknown }
	| { kind: 'keys-added'; upstreamId: string; name: string; keys: { id: string; mask: string }[] }
	| { kind: 'key-removed'; upstreamId: string; name: string; keyId: string; mask: string }
	/** `masks` by id; revisions of early versions lack it. */
	| {
			kind: 'keys-reordered'
			upstreamId: string
			name: string
			from: string[]
			to: string[]
			masks?: Record<string, string>
	  }
	| { kind: 'key-enabled' | 'key-disabled'; upstreamId: string; name: string; keyId: string; mask: string }
	/** A leaked key: taken out of the configuration if it was there, and out of this many revisions. */
	| {
			kind: 'key-purged'
			upstreamId: string
			name: string
			keyId: string
			mask: string
			wasInUse: boolean
			revisions: number
	  }

export interface FieldChange {
	from: unknown
	to: unknown
}
