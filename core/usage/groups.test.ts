import { expect, test } from 'vitest'
import { summarizeGroups } from './groups.ts'
import { intervalOf, sketchError, writeCounts } from './sketch.ts'

const times = (...milliseconds: number[]) =>
	writeCounts(milliseconds.map(time => [intervalOf(time), 1] as const))

test('tells each group and all together; times come from the requests, not from the groups', () => {
	const { all, groups } = summarizeGroups([
		{ id: 'a', requests: 4, failed: 1, cancelled: 1, firstContent: times(100, 900) },
		{ id: 'b', requests: 1, failed: 0, cancelled: 0, firstContent: times(1000) },
		{ id: 'c', requests: 1, failed: 1, cancelled: 0, firstContent: '' },
	])
	expect(all).toMatchObject({ requests: 6, ok: 3, failed: 2, cancelled: 1 })
	expect(groups.map(({ id, ok, failed }) => [id, ok, failed])).toEqual([
		['a', 2, 1],
		['b', 1, 0],
		['c', 0, 1],
	])
	expect(groups[2]).toMatchObject({ firstContent: null })
	expect(Math.abs((all.firstContent?.p50 ?? 0) - 900)).toBeLessThanOrEqual(900 * sketchError + 1)
})
