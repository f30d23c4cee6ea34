import { expect, it } from 'vitest'
import { changeFilters, listChips, noFilters, readFilters } from './filters.ts'

const read = (query: string) => readFilters(new URLSearchParams(query))

it('reads what makes sense, and nothing else', () => {
	expect(read('outcome=failed&class=quota&stream=true&minMs=500&text= req_1 &open=x')).toEqual({
		outcome: 'failed',
		class: 'quota',
		stream: 'true',
		minMs: '500',
		text: 'req_1',
	})
	expect(read('outcome=maybe&class=&stream=yes&minMs=-1&from=soon')).toEqual({})
})

it('changes one filter and keeps what else the address says', () => {
	const params = new URLSearchParams('model=m&open=req_1')
	expect(changeFilters(params, { outcome: 'ok', model: '' }).toString()).toBe('open=req_1&outcome=ok')
	expect(changeFilters(params, noFilters).toString()).toBe('open=req_1')
})

it('gives up the key with its upstream', () => {
	const params = new URLSearchParams('upstream=a&key=k')
	expect(changeFilters(params, { upstream: 'b' }).toString()).toBe('upstream=b')
})

it('shows a period as one chip', () => {
	expect(listChips(read('from=1&to=2&outcome=ok'))).toEqual(['outcome', 'from'])
	expect(listChips(read('to=2'))).toEqual(['to'])
})
