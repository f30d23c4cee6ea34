import { describe, expect, test } from 'vitest'
import { toModelEntry } from '../messages/models.ts'
import { pageModels } from './model-page.ts'

const ids = Array.from({ length: 45 }, (_, index) => `model-${index}`)
const models = ids.map(id => toModelEntry({ id }))

function page(query: string) {
	const { data, ...rest } = pageModels(models, query)
	return { ids: (data as { id: string }[]).map(({ id }) => id), ...rest }
}

describe('pageModels', () => {
	test('shows the first 20 unless asked otherwise', () => {
		expect(page('')).toEqual({
			...{ ids: ids.slice(0, 20), has_more: true, first_id: 'model-0', last_id: 'model-19' },
		})
		expect(page('limit=1000&beta=true')).toMatchObject({ ids, has_more: false })
	})

	test('goes on behind after_id until the end', () => {
		expect(page('after_id=model-19')).toMatchObject({ ids: ids.slice(20, 40), has_more: true })
		expect(page('after_id=model-39&limit=5')).toMatchObject({ ids: ids.slice(40), has_more: false })
		expect(page('after_id=model-44')).toEqual({ ids: [], has_more: false, first_id: null, last_id: null })
	})

	test('goes back before before_id until the start', () => {
		expect(page('before_id=model-30&limit=10')).toMatchObject({ ids: ids.slice(20, 30), has_more: true })
		expect(page('before_id=model-5&limit=10')).toMatchObject({ ids: ids.slice(0, 5), has_more: false })
		expect(page('before_id=model-10&limit=10')).toMatchObject({ ids: ids.slice(0, 10), has_more: false })
	})

	test.each([
		['limit=0', /^limit: /],
		['limit=1001', /^limit: /],
		['limit=ten', /^limit: /],
		['limit=-1', /^limit: /],
		['limit=1.5', /^limit: /],
		['after_id=nobody', /^after_id: .*"nobody"/],
		['before_id=nobody', /^before_id: .*"nobody"/],
		['after_id=model-1&before_id=model-2', /^before_id: .*after_id/],
	])('%s is refused by name', (query, message) => {
		expect(() => page(query)).toThrow(
			expect.objectContaining({ status: 400, message: expect.stringMatching(message) }),
		)
	})

	test('an empty list is a page', () => {
		expect(pageModels([], '')).toEqual({ data: [], has_more: false, first_id: null, last_id: null })
	})
})
