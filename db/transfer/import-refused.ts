import type { Problem } from '../../core/config/transfer/report.ts'
import { DatabaseError } from '../errors.ts'

/** `document`: it does not fit; `passphrase`: one is needed, or the one given does not open it. */
export type ImportRefusal = 'document' | 'passphrase'

/** A file that cannot be imported, with every reason. Nothing was changed. */
export class ImportRefused extends DatabaseError {
	readonly refusal: ImportRefusal
	readonly problems: readonly Problem[]
	constructor(refusal: ImportRefusal, problems: readonly Problem[]) {
		super(
			'invalid',
			problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('\n'),
		)
		this.refusal = refusal
		this.problems = problems
	}
}

export function isImportRefused(error: unknown): error is ImportRefused {
	return error instanceof ImportRefused
}
