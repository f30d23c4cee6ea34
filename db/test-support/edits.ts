import { type ConfigRepository, isDatabaseError } from '../index.ts'

/** A change of the configuration as data. Its message is its own: history tells by it which changes were made. */
export type Edit = { message: string; upstreamId: string } & (
	| { kind: 'add-key'; secret: string }
	| { kind: 'rename'; name: string }
	| { kind: 'map'; model: string }
	| { kind: 'reverse-keys' }
	| { kind: 'restore'; back: number }
) & { onSeen?: boolean }

/** What became of one. `expected`: the revision that it was based on, where it was. */
export interface MadeEdit {
	edit: Edit
	/** `unknown`: the database went away meanwhile. */
	outcome: 'made' | 'unchanged' | 'unknown'
	revision?: number
	expected?: number
	/** Of the key that it added. */
	keyId?: string
}

type Insist = <T>(run: () => Promise<T>) => Promise<T>
interface Meta {
	author: 'cli'
	message: string
	expectedRevision?: number
}

/**
 * Makes it as an interface does; with `onSeen` only on what was seen, looking again after a conflict.
 * @param insist repeats what only reads
 */
export async function makeEditAs(
	repository: ConfigRepository,
	edit: Edit,
	insist: Insist,
): Promise<MadeEdit> {
	for (;;) {
		const seen = await insist(() => repository.read())
		const expected = edit.onSeen ? { expectedRevision: seen.revision } : {}
		try {
			const made = await apply(repository, edit, { author: 'cli', message: edit.message, ...expected }, seen)
			if (made === undefined) return { edit, outcome: 'unchanged' }
			return { edit, outcome: 'made', ...made, ...(edit.onSeen && { expected: seen.revision }) }
		} catch (error) {
			if (isDatabaseError(error, 'conflict') && edit.onSeen) continue
			// A revision that was to be restored is not kept any more.
			if (isDatabaseError(error, 'not-found')) return { edit, outcome: 'unchanged' }
			if (!isDatabaseError(error, 'unreachable')) throw error
			return { edit, outcome: 'unknown' }
		}
	}
}

async function apply(
	repository: ConfigRepository,
	edit: Edit,
	meta: Meta,
	seen: Awaited<ReturnType<ConfigRepository['read']>>,
): Promise<{ revision: number; keyId?: string } | undefined> {
	const { upstreamId } = edit
	switch (edit.kind) {
		case 'add-key': {
			const { revision, added } = await repository.addKeys(upstreamId, [edit.secret], meta)
			return added[0] && { revision, keyId: added[0].id }
		}
		case 'rename':
			return repository.updateUpstream(upstreamId, { name: edit.name }, meta)
		case 'map':
			return repository.updateUpstream(upstreamId, { modelMap: { opus: edit.model } }, meta)
		case 'reverse-keys': {
			const keys = seen.upstreams.find(({ id }) => id === upstreamId)?.keys ?? []
			if (keys.length < 2) return undefined
			return repository.reorderKeys(upstreamId, keys.map(({ id }) => id).reverse(), meta)
		}
		case 'restore': {
			const { revision } = await repository.restoreRevision(Math.max(1, seen.revision - edit.back), meta)
			return revision === undefined ? undefined : { revision }
		}
	}
}
