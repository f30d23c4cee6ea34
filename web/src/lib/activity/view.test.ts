import { expect, it } from 'vitest'
import { changeView, readView, requestsPath, writeUsageQuery } from './view.ts'

const now = 1_700_000_000_000
const hour = 3_600_000
const read = (query: string) => readView(new URLSearchParams(query), now)

it('shows the last day unless told otherwise', () => {
	expect(read('')).toMatchObject({ range: '24h', from: now - 24 * hour, to: now, compare: false })
	expect(read('range=7d&compare=1')).toMatchObject({ range: '7d', compare: true })
})

it.each([
	'range=99y',
	'from=5',
	'from=9&to=5',
	'from=-1&to=5',
	'from=1e3&to=2e3',
	'from=1&to=999999999999999',
])('is not confused by %s', query => {
	expect(read(query)).toMatchObject({ range: '24h', to: now })
})

it('takes a period of its own, no shorter than a minute', () => {
	expect(read('from=1000&to=2000')).toMatchObject({ range: undefined, from: 1000, to: 61_000 })
})

it('replaces a range by a period and the other way round, and keeps the filters', () => {
	const zoomed = changeView(new URLSearchParams('range=7d&model=m'), { period: [1000.4, 90_000.2] })
	expect(zoomed.toString()).toBe('model=m&from=1000&to=90001')
	expect(changeView(zoomed, { range: '1h' }).toString()).toBe('model=m&range=1h')
})

it('gives up the key with its upstream', () => {
	const params = new URLSearchParams('upstream=a&key=k')
	expect(changeView(params, { upstream: 'b' }).toString()).toBe('upstream=b')
	expect(changeView(params, { model: 'm' }).toString()).toBe('upstream=a&key=k&model=m')
	expect(changeView(params, { upstream: '' }).toString()).toBe('')
})

it('asks for what the page shows, and leads to its requests', () => {
	const view = read('upstream=a&compare=1&from=0&to=600000')
	expect(writeUsageQuery(view)).toEqual({ from: '0', to: '600000', upstream: 'a', compare: 'true' })
	expect(requestsPath(view, 0, 60_000, 'failed')).toBe('/requests?from=0&to=60000&upstream=a&outcome=failed')
})
