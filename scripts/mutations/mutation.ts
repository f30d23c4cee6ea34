/** One way to break the proxy: a piece of source that occurs once, and what stands there instead. */
export interface Mutation {
	file: string
	find: string
	replace: string
	/** What the client or the upstream would notice. */
	why: string
	/** What vitest runs: paths and a name pattern. */
	suite: readonly string[]
}

/** A mutation in short; `suite` where other tests than the usual ones of its file should notice. */
export type Breakage = readonly [find: string, replace: string, why: string, suite?: readonly string[]]

export function breakages(file: string, suite: readonly string[], list: readonly Breakage[]): Mutation[] {
	return list.map(([find, replace, why, own]) => ({ file, find, replace, why, suite: own ?? suite }))
}

/** All contract cases of a type. */
export const contract = (type: string): readonly string[] => ['test/contract', '-t', `^${type} `]
