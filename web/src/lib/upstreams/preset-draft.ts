import type { Preset } from '../../../../core/presets/preset.ts'
import { type Draft, toModelMap, toRules } from './draft.ts'
import { freeName } from './paste-draft.ts'

/** Servers nearby are out of reach for a deployment on Vercel. */
export const isHostedElsewhere = (hostname: string) => hostname.endsWith('.vercel.app')

/**
 * Fills in what a preset knows. What somebody has typed stays: name, website and models only follow where they are
 * empty, or what the preset before had filled in.
 */
export function choosePreset(
	draft: Draft,
	preset: Preset,
	type: string,
	before: Preset | undefined,
	isFree: (name: string) => boolean,
): Draft {
	const endpoint = preset.endpoints.find(candidate => candidate.type === type) ?? preset.endpoints[0]
	const follows = (text: string, from: string | undefined) => text.trim() === '' || text === from
	const sameModels = JSON.stringify(toModelMap(draft.rules)) === JSON.stringify(before?.modelMap ?? {})
	const named = draft.name.trim()
	return {
		...draft,
		...(endpoint && {
			type: endpoint.type,
			baseUrl: endpoint.baseUrl,
			authStyle: endpoint.authStyle ?? 'auto',
		}),
		...((named === '' || (before && named.startsWith(before.id))) && { name: freeName(preset.id, isFree) }),
		...(follows(draft.website, before?.keyPageUrl) && { website: preset.keyPageUrl }),
		...((draft.rules.length === 0 || sameModels) && { rules: toRules(preset.modelMap) }),
	}
}
