import type { SettingsPatch } from '../../../../core/config/settings.ts'
import { ApiError } from '../api/api-error.ts'
import { type Api, basedOn, read } from '../api/client.ts'
import type { Change } from '../history/types.ts'

/** Saves some settings. Others' changes of anything else are none of these: then it is saved over them. */
export async function saveSettings(
	api: Api,
	patch: SettingsPatch,
	revision: number | undefined,
): Promise<{ revision: number }> {
	const send = (based: number | undefined) => read(api.settings.$patch({ json: patch }, basedOn(based)))
	try {
		return await send(revision)
	} catch (error) {
		const conflict = readSettingsConflict(error, patch)
		if (conflict === undefined || conflict.theirs.length > 0) throw error
		return await send(conflict.revision)
	}
}

/** What others changed of the same settings; undefined for an error of another kind. */
export function readSettingsConflict(
	error: unknown,
	patch: SettingsPatch,
): { theirs: Change[]; revision: number } | undefined {
	if (!(error instanceof ApiError) || error.code !== 'conflict' || error.currentRevision === undefined)
		return undefined
	const theirs = (error.theirs as Change[]).filter(change => {
		if (change.kind === 'strategy-changed') return 'strategy' in patch
		return change.kind === 'setting-changed' && change.setting in patch
	})
	return { theirs, revision: error.currentRevision }
}
