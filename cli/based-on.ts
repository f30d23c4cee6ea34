import type { ChangeMeta, ConfigRepository } from '../db/index.ts'
import { toCliError } from './describe-error.ts'
import { CliError } from './errors.ts'
import type { Options } from './parse-options.ts'
import { usageError } from './refuse.ts'

/** What `--revision` and `--message` say about the changes of a command. */
export interface ChangeTerms {
	expectedRevision?: number
	message?: string
}

/** @throws CliError usage */
export function readTerms(options: Options): ChangeTerms {
	const revision = options.text('revision')
	const message = options.text('message')?.trim()
	if (revision !== undefined && !/^\d{1,15}$/.test(revision)) {
		throw usageError('--revision must be the number of a revision')
	}
	if (message !== undefined && (message === '' || message.length > 200)) {
		throw usageError('--message must be a text of at most 200 characters')
	}
	return {
		...(revision === undefined ? {} : { expectedRevision: Number(revision) }),
		...(message === undefined ? {} : { message }),
	}
}

/** Where each changing method takes who changes, and on what it was based. */
const metaAt = {
	...{ addUpstream: 1, updateUpstream: 2, removeUpstream: 1, setCurrentUpstream: 1, orderUpstreams: 1 },
	...{ setStrategy: 1, changeSettings: 1, addKeys: 2, removeKey: 1, reorderKeys: 2, setKeyEnabled: 2 },
	...{ restoreRevision: 1, purgeKey: 1, importConfig: 1 },
} satisfies Partial<Record<keyof ConfigRepository, number>>

type AnyMethod = (...values: unknown[]) => Promise<{ revision?: number | undefined }>

/**
 * The repository as a command with `--revision` or `--message` sees it: every change is made on these terms. With
 * `--revision` a conflict is final, and a command's second change is based on its first.
 */
export function onTerms(
	repository: ConfigRepository,
	terms: ChangeTerms,
): { repository: ConfigRepository; changed(): boolean; made(): number | undefined } {
	let { expectedRevision } = terms
	let changed = false
	let made: number | undefined
	const methods = { ...repository } as unknown as Record<string, AnyMethod>
	for (const [name, at] of Object.entries(metaAt)) {
		const method = methods[name] as AnyMethod
		methods[name] = async (...values) => {
			changed = true
			const given = values[at] as ChangeMeta
			const meta = { ...given, ...terms, ...(expectedRevision === undefined ? {} : { expectedRevision }) }
			try {
				const result = await method(...values.with(at, meta))
				made = result.revision ?? made
				if (expectedRevision !== undefined) expectedRevision = result.revision ?? expectedRevision
				return result
			} catch (error) {
				// Without --revision a conflict is not final: whoever worked the change out may do so anew.
				throw terms.expectedRevision === undefined ? error : toCliError(error)
			}
		}
	}
	return { repository: methods as unknown as ConfigRepository, changed: () => changed, made: () => made }
}

/** A database that goes away after a change must not make it look undone: it would be made again. */
export function explainAfter(error: unknown, revision: number | undefined): unknown {
	if (revision === undefined) return error
	const { exitCode, code, message } = toCliError(error)
	const told = `the change is made (revision ${revision}), but the configuration could not be read after it: ${message}`
	const details = { lines: [], data: { made: true, revision } }
	return new CliError(exitCode, code, told, 'do not repeat it; look at it once the database is back', details)
}
