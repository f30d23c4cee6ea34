import { type Percentiles, readPercentiles } from './summarize.ts'

/** What an upstream or a key was asked, as stored. */
export interface UsageGroupPart {
	id: string
	requests: number
	failed: number
	cancelled: number
	/** Counts as text (sketch.ts). */
	firstContent: string
	/** For keys: every attempt that failed, those among them that another key made good. */
	attemptsFailed?: number
}

export interface GroupFigures {
	requests: number
	ok: number
	failed: number
	/** The client left: neither good nor bad. */
	cancelled: number
	/** Milliseconds, of requests that went well. */
	firstContent: Percentiles | null
}

/** All together, and each group that was asked at all. */
export interface UsageGroups {
	all: GroupFigures
	groups: (GroupFigures & { id: string; attemptsFailed?: number })[]
}

export function summarizeGroups(parts: readonly UsageGroupPart[]): UsageGroups {
	const groups = parts.map(part => {
		const { id, attemptsFailed } = part
		return { id, ...summarize([part]), ...(attemptsFailed !== undefined && { attemptsFailed }) }
	})
	return { all: summarize(parts), groups }
}

function summarize(parts: readonly UsageGroupPart[]): GroupFigures {
	const sum = (name: 'requests' | 'failed' | 'cancelled') =>
		parts.reduce((total, part) => total + part[name], 0)
	const [requests, failed, cancelled] = [sum('requests'), sum('failed'), sum('cancelled')]
	const firstContent = readPercentiles(parts.map(part => part.firstContent))
	return { requests, ok: requests - failed - cancelled, failed, cancelled, firstContent }
}
