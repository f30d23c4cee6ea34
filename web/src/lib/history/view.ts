import { authors, type Revision } from './types.ts'

/** What an opened revision is compared with: the one before it, the present, or any other. */
export type Against = 'previous' | 'current' | number
export const shownAs = ['diff', 'json', 'config'] as const

/** What the address asks for. */
export interface HistoryView {
	author?: Revision['author']
	/** Id. */
	upstream?: string
	pinned: boolean
	/** The opened revision. */
	open?: number
	against: Against
	show: (typeof shownAs)[number]
}

const readNumber = (text: string | null) =>
	text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** What makes no sense is left out. */
export function readView(params: Pick<URLSearchParams, 'get'>): HistoryView {
	const author = authors.find(name => name === params.get('author'))
	const upstream = params.get('upstream')?.slice(0, 200) || undefined
	const open = readNumber(params.get('open'))
	const other = readNumber(params.get('against'))
	return {
		...(author && { author }),
		...(upstream !== undefined && { upstream }),
		...(open !== undefined && { open }),
		pinned: params.get('pinned') === 'true',
		against: other ?? (params.get('against') === 'current' ? 'current' : 'previous'),
		show: shownAs.find(name => name === params.get('show')) ?? 'diff',
	}
}

/** The address with other values; empty takes one away. Closing a revision forgets how it was looked at. */
export function changeView(
	params: { toString(): string },
	change: Partial<Record<'author' | 'upstream' | 'pinned' | 'open' | 'against' | 'show', string>>,
): URLSearchParams {
	const changed = new URLSearchParams(params.toString())
	for (const [name, value] of Object.entries(change)) {
		if (value === '') changed.delete(name)
		else changed.set(name, value)
	}
	if (change.open === '') for (const name of ['against', 'show']) changed.delete(name)
	return changed
}

/** Whether a revision is one of those that the filters leave. */
export function fits(revision: Revision, { author, upstream, pinned }: HistoryView): boolean {
	if (author !== undefined && revision.author !== author) return false
	if (pinned && !revision.pinned) return false
	return upstream === undefined || listUpstreams(revision).some(({ id }) => id === upstream)
}

/** Upstreams that a revision is about, with the names they had. */
export function listUpstreams({ changes }: Pick<Revision, 'changes'>): { id: string; name: string }[] {
	return changes.flatMap(change => {
		if ('upstreamId' in change) return [{ id: change.upstreamId, name: change.name }]
		if (change.kind !== 'current-changed') return []
		const { from, fromName = from, to, toName = to } = change
		return [
			...(from !== undefined ? [{ id: from, name: fromName ?? from }] : []),
			...(to !== undefined ? [{ id: to, name: toName ?? to }] : []),
		]
	})
}
