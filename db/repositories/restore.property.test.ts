import { expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { type Config, createConfigRepository, type RevisionConfig } from '../index.ts'
import { makeEdit, randomEdit } from '../test-support/random-edits.ts'
import { keyRing } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

/** What a configuration is, wherever it was read from: positions only say in which order things stand. */
function toComparable({ upstreams, currentUpstreamId, ...rest }: Config | RevisionConfig) {
	const strategy = 'settings' in rest ? rest.settings.strategy : rest.strategy
	return {
		...{ strategy, currentUpstreamId },
		upstreams: upstreams.map(({ id, name, timeoutMs, enabled, modelMap, description, createdAt, keys }) => ({
			...{ id, name, timeoutMs, enabled, modelMap, description, createdAt },
			keys: keys.map(key => ({ id: key.id, mask: key.mask, enabled: key.enabled, readable: key.readable })),
		})),
	}
}

describeTargets('after any edits', target => {
	test('the newest revision is the configuration, and restoring any that is kept brings it back', async () => {
		const edits = fc.array(randomEdit, { minLength: 4, maxLength: 25 })
		await fc.assert(
			fc.asyncProperty(edits, fc.nat(), async (sequence, choice) => {
				const database = await target.fresh()
				const repository = createConfigRepository(database, keyRing)
				for (const edit of sequence) await makeEdit(repository, edit)
				const { revisions, total } = await repository.listRevisions()
				if (total === 0) return
				const newest = await repository.readRevision(total)
				expect(toComparable(newest.config)).toEqual(toComparable(await repository.read()))
				for (const at of [choice, choice + 3]) {
					const { revision } = revisions[at % revisions.length]!
					const before = await repository.read()
					const restored = await repository.restoreRevision(revision, { author: 'web' })
					const wanted = await repository.readRevision(revision)
					const after = await repository.read()
					expect(toComparable(after)).toEqual(toComparable(wanted.config))
					expect(after.revision).toBe(restored.revision ?? before.revision)
					expect((await repository.diffRevisions(revision, 'current')).changes).toEqual([])
					expect(restored.changes.length === 0).toBe(restored.revision === undefined)
				}
			}),
			{ numRuns: target.kind === 'file' ? 40 : 12 },
		)
	})
})
