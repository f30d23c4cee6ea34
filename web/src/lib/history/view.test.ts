import { expect, it } from 'vitest'
import { en } from '../i18n/messages/en/index.ts'
import { zhCn } from '../i18n/messages/zh-cn/index.ts'
import { daysAgo, groupByDay } from './days.ts'
import { groupChanges, translateWarning, warnOfCurrent } from './review.ts'
import type { Change, Revision } from './types.ts'
import { changeView, fits, readView } from './view.ts'

const read = (query: string) => readView(new URLSearchParams(query))
const current: Change = {
	kind: 'current-changed',
	from: 'up_1',
	fromName: 'kimi',
	to: 'up_2',
	toName: 'openai',
}
const revision: Revision = {
	...{ revision: 7, at: 0, author: 'cli', message: '', pinned: false },
	changes: [current],
}

it('reads what makes sense of an address, and nothing else', () => {
	expect(read('author=cli&upstream=up_1&open=7&against=3&show=json')).toEqual({
		...{ author: 'cli', upstream: 'up_1', open: 7, against: 3, show: 'json', pinned: false },
	})
	expect(read('author=me&open=x&against=y&show=z')).toEqual({
		against: 'previous',
		show: 'diff',
		pinned: false,
	})
})

it('forgets how a revision was looked at when it is closed', () => {
	const params = new URLSearchParams('author=cli&open=7&against=current&show=json')
	expect(changeView(params, { open: '' }).toString()).toBe('author=cli')
})

it('finds revisions by author and by each upstream that they are about', () => {
	expect(fits(revision, read('author=cli&upstream=up_2'))).toBe(true)
	expect(fits(revision, read('upstream=up_3'))).toBe(false)
	expect(fits(revision, read('author=web'))).toBe(false)
	expect(fits(revision, read('pinned=true'))).toBe(false)
})

it('puts revisions under their days', () => {
	const zone = 'Asia/Shanghai'
	const at = Date.UTC(2026, 2, 1, 4)
	const before = Date.UTC(2026, 1, 28, 15, 59)
	const days = groupByDay(
		[at, at - 60_000, before].map(time => ({ ...revision, at: time })),
		zone,
	)
	expect(days.map(day => day.revisions.length)).toEqual([2, 1])
	expect([daysAgo(at, at, zone), daysAgo(before, at, zone)]).toEqual([0, 1])
})

it('groups what a restore does, and warns when the current upstream goes', () => {
	const removed: Change = { kind: 'upstream-removed', upstreamId: 'up_1', name: 'kimi', keyCount: 1 }
	const added: Change = { kind: 'upstream-added', upstreamId: 'up_2', name: 'openai', fields: {} }
	const review = groupChanges([removed, added, current])
	expect([review.added[0]?.name, review.removed[0]?.name, review.changed, review.settings]).toEqual([
		'openai',
		'kimi',
		[],
		[current],
	])
	const words = en.history.restore
	expect(warnOfCurrent([removed, current], words)).toEqual([words.currentGoes('kimi')])
	expect(warnOfCurrent([current], words)).toEqual([words.currentChanges('kimi', 'openai')])
})

it.each([
	'The ENCRYPTION_KEY in use does not open sk-…1 of kimi: add it again.',
	'sk-…1, sk-…2 of kimi were purged and stay gone.',
	'No upstream will be current: requests are answered 503 until one is chosen.',
	'kimi will be current, and is switched off.',
	'kimi will be current, and has no key in use.',
])('has words for the warning: %s', warning => {
	const said = translateWarning(warning, zhCn.history.restore)
	expect(said).toMatch(/\p{Script=Han}/u)
	expect(said.includes('kimi')).toBe(warning.includes('kimi'))
})

it('shows a warning that it does not know as it is', () => {
	expect(translateWarning('Something new.', en.history.restore)).toBe('Something new.')
})
