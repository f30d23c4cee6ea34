import type { Preset, PresetEndpoint } from '../core/presets/preset.ts'
import { findPreset, presets } from '../core/presets/presets.ts'
import { findNearest } from './nearest.ts'
import { quoteWord } from './redact.ts'
import { notFoundError, programMark, usageError } from './refuse.ts'

/** @throws CliError not-found, with the nearest that there is */
export function findPresetByWord(word: string): Preset {
	const preset = findPreset(word.trim().toLowerCase())
	if (preset) return preset
	const ids = presets.map(({ id }) => id)
	const begun = ids.filter(id => word !== '' && id.startsWith(word.toLowerCase()))
	const nearest = begun[0] ?? findNearest(word.slice(0, 40), ids)
	const hint = nearest === undefined ? `${programMark} presets lists them` : `did you mean ${nearest}?`
	throw notFoundError(`there is no preset ${quoteWord(word)}`, hint)
}

/** The endpoint of a type, or the recommended one. */
export function findEndpoint(preset: Preset, type: string | undefined): PresetEndpoint {
	const wanted = type?.trim().toLowerCase()
	const endpoint = preset.endpoints.find(one => wanted === undefined || one.type === wanted)
	if (endpoint) return endpoint
	const types = preset.endpoints.map(one => one.type).join(', ')
	throw usageError(`${preset.id} has no endpoint of that type`, `--endpoint ${types}`)
}
