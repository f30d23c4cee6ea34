import type { SqlValue } from '../sql.ts'

export interface RequestFilters {
	/** Epoch ms, [from, to). */
	from?: number
	to?: number
	outcome?: 'ok' | 'failed' | 'cancelled' | 'refused'
	/** Class of the failure, or `refused`. */
	class?: string
	upstream?: string
	/** As the client asked or as sent upstream. */
	model?: string
	key?: string
	stream?: boolean
	/** Whether something was changed on the way. */
	notes?: boolean
	/** Whether more than one attempt was made. */
	retried?: boolean
	minMs?: number
	/** In the id, the models, the names of upstream, key and client, the session, the error. */
	text?: string
}

/** `failed` is what a person calls so: refusals too. */
const outcomes = {
	ok: `outcome = 'ok'`,
	cancelled: `outcome = 'cancelled'`,
	refused: `outcome = 'refused'`,
	failed: `outcome NOT IN ('ok', 'cancelled')`,
}

/**
 * The conditions of a list. Rows are read newest first until there are enough, so that only a filter that hardly
 * anything fits reads all of them.
 */
export function whereRequests(filters: RequestFilters): { where: string[]; args: SqlValue[] } {
	const where: string[] = []
	const args: SqlValue[] = []
	const add = (condition: string, ...values: SqlValue[]) => {
		where.push(condition)
		args.push(...values)
	}
	const { from, to, outcome, upstream, model, key, stream, notes, retried, minMs, text } = filters
	if (from !== undefined) add('at >= ?', from)
	if (to !== undefined) add('at < ?', to)
	if (outcome !== undefined) add(outcomes[outcome])
	if (filters.class !== undefined) add('outcome = ?', filters.class)
	if (upstream !== undefined) add('upstream_id = ?', upstream)
	if (key !== undefined) add('key_id = ?', key)
	if (model !== undefined) add('(upstream_model = ? OR model = ?)', model, model)
	if (stream !== undefined) add('stream = ?', stream ? 1 : 0)
	if (notes !== undefined) add(notes ? 'notes > 0' : 'notes = 0')
	if (retried !== undefined) add(retried ? 'attempts > 1' : 'attempts <= 1')
	if (minMs !== undefined) add('total_ms >= ?', minMs)
	if (text !== undefined && text !== '') add(...findText(text))
	return { where, args }
}

/** Error, upstream, key, client, session. */
const searched = ['e', 'u', 'k', 'ua', 's'].map(name => `details ->> '$.${name}' LIKE ? ESCAPE '\\'`)

/** The details are looked through as they are first: taking them apart costs far more, and hardly any are left. */
function findText(text: string): [string, ...SqlValue[]] {
	const like = toPattern(text)
	const written = toPattern(JSON.stringify(text).slice(1, -1))
	const columns = ['id', 'model', 'upstream_model'].map(name => `${name} LIKE ? ESCAPE '\\'`)
	const inDetails = `(details LIKE ? ESCAPE '\\' AND (${searched.join(' OR ')}))`
	return [
		`(${[...columns, inDetails].join(' OR ')})`,
		...[like, like, like, written],
		...searched.map(() => like),
	]
}

const toPattern = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`
