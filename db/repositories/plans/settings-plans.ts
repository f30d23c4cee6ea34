import { type SettingName, settingsPatchSchema } from '../../../core/config/settings.ts'
import type { Strategy } from '../../../core/config/upstream.ts'
import type { Change } from '../changes.ts'
import type { LoadedConfig } from '../config-load.ts'
import { diffSettings } from '../diff-configs.ts'
import * as edits from '../upstream-edits.ts'
import { noChange, onlyGiven, type Plan, parse } from './plan.ts'

export function planSetStrategy(config: LoadedConfig, strategy: Strategy): Plan<undefined> {
	return planChangeSettings(config, { strategy })
}

/** Changes the settings that `input` names, and no other. */
export function planChangeSettings(config: LoadedConfig, input: unknown): Plan<undefined> {
	const patch = onlyGiven(parse(settingsPatchSchema, input), input)
	const diff = diffSettings(config.settings, { ...config.settings, ...patch })
	if (diff.length === 0) return { ...noChange, result: undefined }
	const names = Object.keys(patch) as SettingName[]
	return {
		edits: names.map(name => edits.putSetting(name, patch[name])),
		diff,
		message: describe(diff),
		result: undefined,
	}
}

function describe(diff: readonly Change[]): string {
	const [first] = diff
	if (diff.length === 1 && first?.kind === 'strategy-changed') return `Set the strategy to ${first.to}`
	const names = diff.map(change => (change.kind === 'setting-changed' ? change.setting : 'strategy'))
	return `Changed ${names.join(', ')}`
}
