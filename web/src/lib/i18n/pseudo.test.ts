import { expect, it } from 'vitest'
import { en } from './messages/en/index.ts'
import { lengthen, lengthenMessages } from './pseudo.ts'

it('makes every text at least 30 % longer', () => {
	for (const text of ['Add', 'Upstreams', 'Requests are answered, but not everything works.']) {
		expect(lengthen(text).length).toBeGreaterThanOrEqual(text.length * 1.3)
	}
})

it('lengthens sentences with values too', () => {
	const pseudo = lengthenMessages(en)
	expect(pseudo.common.copy.label('x')).toMatch(/^Cöpy: x/)
	expect(pseudo.common.nav.upstreams).not.toBe(en.common.nav.upstreams)
})
