/** A short text in each language of the admin. */
export interface PresetText {
	en: string
	zh: string
}

export const presetGroups = ['official', 'coding-plan', 'aggregator', 'local'] as const
export type PresetGroup = (typeof presetGroups)[number]

export interface PresetEndpoint {
	/** Upstream type. */
	type: string
	/** As our base-URL rules want it. */
	baseUrl: string
	/** Left out where the type's own choice fits. */
	authStyle?: 'x-api-key' | 'bearer'
}

/** A service that people have keys of: what fills an upstream's form. Data only. */
export interface Preset {
	/** Lower-case words joined by `-`; never reused. */
	id: string
	name: string
	/** What it is called in Chinese, where that differs. */
	nameZh?: string
	group: PresetGroup
	/** One company, whichever region or plan: its keys look alike, and its presets share them. */
	vendor: string
	/** Hosts (and everything below them) that belong to the vendor. */
	domains: readonly string[]
	/** The recommended one first. */
	endpoints: readonly PresetEndpoint[]
	/** Part of the base URLs that each customer fills in: `your-resource`. */
	placeholder?: string
	/** Source of a RegExp for the whole key; only where nobody else's keys look so. */
	keyPattern?: string
	/** Where keys are made; empty where none are needed. */
	keyPageUrl: string
	website: string
	/** Suggested; models change monthly, and the upstream's own list decides. */
	modelMap: Readonly<Record<string, string>>
	notes: readonly PresetText[]
}

/** A map of Claude's three tiers to two models. */
export function mapTiers(large: string, small: string): Record<string, string> {
	return { opus: large, sonnet: large, haiku: small }
}
