import { type Api, basedOn, read } from '../api/client.ts'
import { Turns } from './turns.ts'

/** Changes of order are made one after the other, on this page. */
export const turns = new Turns()

/** Undoes a change by restoring the revision before it. If-Match keeps the changes that others have made since. */
export function restoreBefore(api: Api, revision: number) {
	const param = { revision: String(revision - 1) }
	return read(api.revisions[':revision'].restore.$post({ param, json: {} }, basedOn(revision)))
}
