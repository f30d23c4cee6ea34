import { expect, it } from 'vitest'
import { bucketAt, type ChartData, findPeriods, stackValues } from './chart.ts'

const series = (values: (number | null)[]) => ({ key: 'k', label: 'l', color: 'chart-1' as const, values })

it('stacks what is there, from the bottom up', () => {
	expect(stackValues([series([1, 2, null]), series([10, null, 30])])).toEqual([
		[1, 2, 0],
		[11, 2, 30],
	])
})

it.each([
	[99, undefined],
	[100, 0],
	[109, 0],
	[110, 1],
	[119, 1],
	[120, undefined],
	[205, 2],
])('finds the bucket of %d, whose end does not belong to it', (at, bucket) => {
	const chart: ChartData = {
		times: [100, 110, 200],
		bucketMs: 10,
		from: 0,
		to: 300,
		series: [],
		kind: 'stack',
	}
	expect(bucketAt(chart, at)).toBe(bucket)
})

it('joins neighbours into one period', () => {
	const buckets = [0, 10, 20, 30, 50].map(at => ({ at, bad: at !== 20 }))
	expect(findPeriods(buckets, 10, bucket => bucket.bad)).toEqual([
		[0, 20],
		[30, 40],
		[50, 60],
	])
})
