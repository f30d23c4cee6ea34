import type { UpstreamConfig } from '../core/config/upstream.ts'
import type { Preset } from '../core/presets/preset.ts'
import type { ConfigUpstream } from '../db/index.ts'
import type { CommandCall } from './command.ts'
import { findEndpoint, findPresetByWord } from './find-preset.ts'
import { usageError } from './refuse.ts'

/** What `--preset` fills in; options win over it. */
export interface PresetInput {
	name: string
	type: string
	baseUrl: string
	preset: Preset
	fields: Pick<UpstreamConfig, 'website' | 'modelMap' | 'authStyle'>
}

/**
 * Reads `add [<name>] [<url>] --preset <id>`. Undefined without the option.
 * @throws CliError for an unknown preset, or where it leaves a part of the URL to the customer
 */
export function readPreset({ words, options }: CommandCall): PresetInput | undefined {
	const id = options.text('preset')
	if (id === undefined) {
		if (options.has('endpoint')) throw usageError('--endpoint goes with --preset')
		return undefined
	}
	const preset = findPresetByWord(id)
	const { type, baseUrl, authStyle = 'auto' } = findEndpoint(preset, options.text('endpoint'))
	const [name = preset.id, url, ...rest] = words
	if (rest.length > 0)
		throw usageError('with --preset, add takes a name and perhaps a URL: add <name> [<url>]')
	if (url === undefined && preset.placeholder !== undefined) {
		throw usageError(
			`${preset.id} has a URL of your own`,
			`add <name> <url> --preset ${preset.id}, the URL like ${baseUrl}`,
		)
	}
	const { website, modelMap } = preset
	return {
		name,
		type,
		baseUrl: url ?? baseUrl,
		preset,
		fields: { website, modelMap: { ...modelMap }, authStyle },
	}
}

/** Where to get a key, as long as there is none. */
export function describeKeyPage(
	{ texts }: CommandCall,
	input: PresetInput | undefined,
	upstream: ConfigUpstream,
): string[] {
	const page = input?.preset.keyPageUrl ?? ''
	return page === '' || upstream.keys.length > 0 ? [] : [texts.say(`keys are made at ${page}`)]
}
