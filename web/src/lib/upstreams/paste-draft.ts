import { maskKey } from '../../../../core/keys/mask.ts'
import { type PasteResult, parsePaste } from '../../../../core/presets/paste.ts'
import { findPreset, findPresetByUrl } from '../../../../core/presets/presets.ts'
import { type Draft, toRules } from './draft.ts'

/** What a paste was found to be, for people: no key in it. */
export interface Detection {
	url?: string
	type?: PasteResult['type']
	masks: string[]
	models: [from: string, to: string][]
	name?: string
	preset?: string
	left: string[]
}

export interface PasteOutcome {
	draft: Draft
	detection: Detection
	/** The preset that fits. */
	preset: string | undefined
}

/** Puts what a text holds into a draft. Undefined when it holds neither URL nor key. */
export function pasteInto(
	draft: Draft,
	text: string,
	isFree: (name: string) => boolean,
): PasteOutcome | undefined {
	const found = parsePaste(text)
	const { baseUrl, type, keys, modelMap, preset, leftovers } = found
	if (baseUrl === undefined && keys.length === 0) return undefined
	// A field that somebody has filled in is not overwritten by what was only guessed.
	const name = draft.name.trim() === '' && found.name ? freeName(found.name, isFree) : undefined
	const endpoint = baseUrl === undefined ? undefined : findPresetByUrl(baseUrl)?.endpoint
	const website = preset === undefined ? '' : (findPreset(preset)?.keyPageUrl ?? '')
	return {
		draft: {
			...draft,
			...(baseUrl !== undefined && { baseUrl }),
			...(type && { type: type.value }),
			...(name !== undefined && { name }),
			...(modelMap && { rules: toRules(modelMap) }),
			...(endpoint?.authStyle && { authStyle: endpoint.authStyle }),
			...(draft.website.trim() === '' && { website }),
			keyText: [draft.keyText.trim(), ...keys].filter(Boolean).join('\n'),
		},
		detection: {
			...(baseUrl !== undefined && { url: baseUrl }),
			...(type && { type }),
			masks: keys.map(maskKey),
			models: Object.entries(modelMap ?? {}),
			...(name !== undefined && { name }),
			...(preset !== undefined && { preset }),
			left: leftovers,
		},
		preset,
	}
}

/** `kimi`, or `kimi 2` where there is a kimi. */
export function freeName(name: string, isFree: (name: string) => boolean): string {
	for (let count = 1; ; count++) {
		const tried = count === 1 ? name : `${name} ${count}`
		if (isFree(tried)) return tried
	}
}
