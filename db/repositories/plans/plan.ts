import { z } from 'zod'
import { DatabaseError } from '../../errors.ts'
import type { Statement } from '../../sql.ts'
import type { Change } from '../changes.ts'
import type { KeyRow, LoadedConfig, LoadedUpstream } from '../config-load.ts'

/** A change worked out against one revision; without edits there is nothing to change and no revision is made. */
export interface Plan<Result> {
	edits: Statement[]
	diff: Change[]
	/** One sentence for the history, used when the author gave none. */
	message: string
	/** The revision that a restore brings back. */
	restoredFrom?: number
	result: Result
}

/** Nothing to change. */
export const noChange = { edits: [], diff: [], message: '' }

/** @throws DatabaseError not-found */
export function findUpstream(config: LoadedConfig, id: string): LoadedUpstream {
	const upstream = config.upstreams.find(candidate => candidate.id === id)
	if (upstream === undefined) throw notFound(`There is no upstream ${id}.`)
	return upstream
}

/** @throws DatabaseError not-found */
export function findKey(config: LoadedConfig, id: string): { upstream: LoadedUpstream; key: KeyRow } {
	for (const upstream of config.upstreams) {
		const key = upstream.keys.find(candidate => candidate.id === id)
		if (key !== undefined) return { upstream, key }
	}
	throw notFound(`There is no key ${id}.`)
}

export function notFound(message: string): DatabaseError {
	return new DatabaseError('not-found', message)
}

/** Zod's complaints as one sentence per field; values are never quoted, since one may be a key. */
export function parse<Output>(schema: z.ZodType<Output>, input: unknown, name?: string): Output {
	const result = schema.safeParse(input)
	if (result.success) return result.data
	const lines = result.error.issues.map(issue => {
		const path = [name, ...issue.path].filter(part => part !== undefined).join('.')
		return path === '' ? issue.message : `${path}: ${issue.message}`
	})
	throw new DatabaseError('invalid', lines.join('; '), result.error)
}

/** The fields of a patch that were given: `.partial()` fills in defaults for the others. */
export function onlyGiven<Fields extends object>(parsed: Fields, input: unknown): Partial<Fields> {
	const given = z.record(z.string(), z.unknown()).safeParse(input).data ?? {}
	const entries = Object.entries(parsed).filter(([field]) => given[field] !== undefined)
	return Object.fromEntries(entries) as Partial<Fields>
}

/** The order in which `ids` come first and the others keep theirs behind them. */
export function mergeOrder(ids: readonly string[], from: readonly string[]): string[] {
	return [...new Set([...ids, ...from])]
}
