import type { Change } from '../../../../core/config/change.ts'
import { hidden, redactUrl } from '../../../../core/config/redact.ts'
import type { UpstreamConfig } from '../../../../core/config/upstream.ts'
import { ApiError } from '../api/api-error.ts'
import { type Api, basedOn, read } from '../api/client.ts'
import { toConfig } from './draft.ts'
import type { UpstreamForm } from './upstream-form.svelte.ts'

/** A change of the same upstream came in between. */
export interface Conflict {
	mine: Change[]
	theirs: Change[]
	/** To save over. */
	revision: number | undefined
}

export function addUpstream(api: Api, form: UpstreamForm) {
	const { draft, keys } = form
	const makeCurrent = draft.makeCurrent && draft.enabled
	return read(
		api.upstreams.$post({
			json: {
				...toConfig(draft),
				...(keys.length > 0 && { keys }),
				...(makeCurrent && { makeCurrent }),
			},
		}),
	)
}

/** Others' changes of other upstreams are none of this one's business: then it is saved over them. */
export async function changeUpstream(
	api: Api,
	id: string,
	form: UpstreamForm,
	revision: number | undefined = form.revision,
): Promise<{ revision: number }> {
	const send = (based: number | undefined) =>
		read(api.upstreams[':id'].$patch({ param: { id }, json: form.changes }, basedOn(based)))
	try {
		return await send(revision)
	} catch (error) {
		if (!(error instanceof ApiError) || error.code !== 'conflict') throw error
		if (changesOf(error, id).length > 0 || error.currentRevision === undefined) throw error
		return await send(error.currentRevision)
	}
}

/** What to show of a refusal, if it was for a change that came in between. */
export function readConflict(error: unknown, id: string, form: UpstreamForm): Conflict | undefined {
	if (!(error instanceof ApiError) || error.code !== 'conflict') return undefined
	return { mine: describeMine(id, form), theirs: changesOf(error, id), revision: error.currentRevision }
}

function changesOf(error: ApiError, id: string): Change[] {
	const theirs = error.theirs as readonly Change[]
	return theirs.filter(change => 'upstreamId' in change && change.upstreamId === id && isOfConfig(change))
}

/** Keys are edited beside the form, not in it. */
const isOfConfig = ({ kind }: Change) => kind.startsWith('upstream-')

function describeMine(upstreamId: string, { stored, changes, draft }: UpstreamForm): Change[] {
	const names = Object.keys(changes) as (keyof UpstreamConfig)[]
	const fields = Object.fromEntries(
		names.map(name => [name, { from: toShown(name, stored?.[name]), to: toShown(name, changes[name]) }]),
	)
	return [{ kind: 'upstream-changed', upstreamId, name: draft.name, fields }]
}

/** Values of headers and parts of URLs are secrets while they are typed as much as when they are stored. */
function toShown(name: keyof UpstreamConfig, value: unknown): unknown {
	if (typeof value === 'string') return redactUrl(value)
	if (name !== 'extraHeaders') return value
	return Object.fromEntries(Object.keys(value ?? {}).map(header => [header, hidden]))
}
