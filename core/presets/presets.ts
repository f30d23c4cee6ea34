import { aggregatorPresets } from './aggregators.ts'
import { codingPlanPresets } from './coding-plans.ts'
import { localPresets } from './local.ts'
import { officialPresets } from './official.ts'
import type { Preset, PresetEndpoint } from './preset.ts'

/** Every preset, in the order in which they are shown. A service that none describes is added by its URL. */
export const presets: readonly Preset[] = [
	...officialPresets,
	...codingPlanPresets,
	...aggregatorPresets,
	...localPresets,
]

export function findPreset(id: string): Preset | undefined {
	return presets.find(preset => preset.id === id)
}

export interface PresetMatch {
	preset: Preset
	/** Absent when only the host is the preset's. */
	endpoint?: PresetEndpoint
}

/** The preset that a URL belongs to: by the longest of its endpoints that the URL begins with, else by its host. */
export function findPresetByUrl(url: string): PresetMatch | undefined {
	const wanted = toComparable(url)
	if (wanted === undefined) return undefined
	let best: (PresetMatch & { length: number }) | undefined
	for (const preset of presets) {
		for (const endpoint of preset.endpoints) {
			const known = toComparable(endpoint.baseUrl) as string
			if (!`${wanted}/`.startsWith(`${known}/`) || known.length <= (best?.length ?? 0)) continue
			best = { preset, endpoint, length: known.length }
		}
	}
	if (best) return { preset: best.preset, ...(best.endpoint && { endpoint: best.endpoint }) }
	const host = URL.parse(url)?.hostname ?? ''
	const preset = presets.find(({ domains }) => isBelowDomain(host, domains))
	return preset && { preset }
}

/** Whether a host is one of the domains, or below one. */
export function isBelowDomain(host: string, domains: readonly string[]): boolean {
	const name = host.toLowerCase().replace(/\.$/, '')
	return domains.some(domain => name === domain || name.endsWith(`.${domain}`))
}

/** Host, port and path, without slashes at the end. */
function toComparable(url: string): string | undefined {
	const parsed = URL.parse(url)
	if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined
	return `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/{1,20}$/, '')}`
}
