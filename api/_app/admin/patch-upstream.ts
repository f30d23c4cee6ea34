import { type UpstreamInput, upstreamPatchSchema } from '../../../core/config/upstream.ts'
import { hasHiddenValues, restoreHiddenValues } from '../../../core/views/hidden-values.ts'
import { type Changed, type ChangeMeta, type ConfigRepository, isDatabaseError } from '../../../db/index.ts'
import { AdminError } from './errors.ts'
import { invalidInput } from './router.ts'

const conflictTries = 20

/**
 * Changes an upstream. What stands for a hidden value becomes what is stored: such a change holds for the state that was
 * read, or is worked out anew.
 */
export async function patchUpstream(
	repository: ConfigRepository,
	id: string,
	patch: Partial<UpstreamInput>,
	meta: ChangeMeta,
): Promise<Changed> {
	if (!hasHiddenValues(patch)) return repository.updateUpstream(id, checkPatch(patch), meta)
	for (let tries = 1; ; tries++) {
		const config = await repository.read()
		const upstream = config.upstreams.find(candidate => candidate.id === id)
		if (upstream === undefined) throw new AdminError(404, 'not-found', 'there is no such upstream')
		const restored = restoreHiddenValues(patch, upstream)
		const [problem] = restored.problems
		if (problem !== undefined) {
			const message = `${problem.path}: ${problem.message}`
			throw new AdminError(400, 'invalid', message, { fields: restored.problems })
		}
		const based = { expectedRevision: config.revision, ...meta }
		try {
			return await repository.updateUpstream(id, checkPatch(restored.patch), based)
		} catch (error) {
			const mayRepeat = meta.expectedRevision === undefined && tries < conflictTries
			if (!mayRepeat || !isDatabaseError(error, 'conflict')) throw error
		}
	}
}

function checkPatch(patch: Partial<UpstreamInput>): Partial<UpstreamInput> {
	const result = upstreamPatchSchema.safeParse(patch)
	if (!result.success) throw invalidInput(result.error.issues)
	return result.data
}
