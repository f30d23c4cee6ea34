import { expect, it } from 'vitest'
import { keepRecent, type Recent } from './recent.ts'

const body = (text: string) => ({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: text }] })

it('keeps the last twenty, the newest first, and each only once', () => {
	let list: Recent[] = []
	for (let place = 0; place < 30; place++) list = keepRecent(list, place, '', body(`question ${place}`))
	list = keepRecent(list, 99, '', body('question 25'))
	expect(list).toHaveLength(20)
	expect(list[0]).toMatchObject({ at: 99, title: 'question 25' })
	expect(list.filter(({ title }) => title === 'question 25')).toHaveLength(1)
})

it('keeps no key, no image, and nothing long', () => {
	const key = 'sk-ant-REDACTED-9f2a0123456789'
	const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } }
	const request = {
		...body(`Use ${key} please`),
		system: key,
		metadata: { authorization: `Bearer ${key}` },
	}
	const withImage = { ...request, messages: [...request.messages, { role: 'user', content: [image] }] }
	const kept = JSON.stringify(keepRecent([], 1, '', withImage))
	expect(kept).not.toContain(key)
	expect(kept).not.toContain('QUJD')
	expect(kept).toContain('[image]')
	expect(keepRecent([], 1, '', body('x'.repeat(30_000)))).toEqual([])
})
