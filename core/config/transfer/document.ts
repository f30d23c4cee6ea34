import type { Settings, SettingsPatch } from '../settings.ts'
import type { UpstreamConfig } from '../upstream.ts'

/** What a file to be imported says, whichever format it is in. */
export interface TransferDocument {
	format: 'claude-proxy' | 'seed'
	/** `none`: keys are listed without themselves, and other secrets are hidden. */
	keys: 'none' | 'plain'
	exportedAt?: string
	/** Only what the file names. */
	settings: SettingsPatch
	/** Index in `upstreams`; null: none is current; undefined: the document does not say. */
	current?: number | null
	upstreams: TransferUpstream[]
}

export interface TransferUpstream {
	/** Where it stands in the file: `upstream[2]`. */
	path: string
	/** Of the database that it was exported from. */
	id?: string
	/** Only what the file names; the rest stays as it is, or at its default. */
	fields: Partial<UpstreamConfig> & Pick<UpstreamConfig, 'name' | 'type' | 'baseUrl'>
	/** In order; undefined: the file does not say. */
	keys?: TransferKey[]
}

export interface TransferKey {
	id?: string
	/** Absent where the file has a key's name only. */
	secret?: string
	mask?: string
	fingerprint?: string
	/** Undefined: the file does not say. */
	enabled?: boolean
}

/** Characters of a file: about a hundred times what a large configuration needs. */
export const maxDocumentLength = 8_000_000
export const maxUpstreams = 1000
export const maxKeys = 5000

/** What a document is made from: a configuration with its keys opened. */
export interface TransferSource {
	settings: Settings
	currentUpstreamId: string | undefined
	upstreams: (UpstreamConfig & { id: string; keys: TransferSourceKey[] })[]
}

export interface TransferSourceKey {
	id: string
	mask: string
	fingerprint: string
	enabled: boolean
	/** Undefined when it could not be opened. */
	secret: string | undefined
}
