import { describe, expect, it } from 'vitest'
import { hidden } from '../../../../core/config/redact.ts'
import { upstreamInputSchema } from '../../../../core/config/upstream.ts'
import { upstreamTypes } from '../../../../core/upstreams/registry.ts'
import { en } from '../i18n/messages/en/index.ts'
import { copyDraft, type Draft, emptyDraft, findChanges, pickConfig, toConfig, toDraft } from './draft.ts'
import { checkDraft, describeProblem, nameProblems, tabOf } from './problems.ts'

const words = en.upstreams.problems
const stored = upstreamInputSchema.parse({
	...{ name: 'kimi', type: 'claude', baseUrl: `https://${hidden.slice(0, 1)}host/api`, timeoutMs: 1500 },
	modelMap: { opus: 'kimi-k3' },
})
const check = (changes: Partial<Draft>, more: { names?: string[]; keys?: string[] } = {}) =>
	checkDraft(
		{ ...emptyDraft(), name: 'kimi', baseUrl: 'https://host', ...changes },
		{ words, stored: undefined, names: [], keys: [], ...more },
	)

it('a draft and a configuration mean the same', () => {
	expect(pickConfig(stored)).toEqual(stored)
	expect(
		findChanges(stored, toConfig({ ...toDraft(stored), timeout: '2', website: ' https://a.example ' })),
	).toEqual({
		...{ timeoutMs: 2000, website: 'https://a.example' },
	})
})

it('the names of the types are those that the proxy has', () => {
	expect(Object.keys(en.upstreams.types).sort()).toEqual([...upstreamTypes].sort())
})

describe('a draft', () => {
	it('that is right has no problem', () => {
		expect(check({})).toEqual({})
	})

	it.each([
		['name', { name: ' ' }, words.empty],
		['name', { name: `sk-${'a1b2c3d4'.repeat(3)}` }, words.looksLikeKey],
		['name', { name: 'x'.repeat(101) }, words.tooLong],
		['baseUrl', { baseUrl: 'host' }, words.url],
		['timeoutMs', { timeout: 'soon' }, words.number],
		['timeoutMs', { timeout: '-1' }, words.number],
		['timeoutMs', { timeout: '99999' }, words.tooLarge],
		['maxConcurrent', { maxConcurrent: '1.5' }, words.number],
		['proxyUrl', { proxyUrl: 'ftp://host' }, words.url],
		['rules.7', { rules: [{ id: 7, from: 'opus', to: ' ' }] }, words.empty],
		['rules.8', { rules: [7, 8].map(id => ({ id, from: 'opus', to: 'a' })) }, words.ruleTwice],
		['headers.7', { headers: [{ id: 7, name: 'two words', value: 'a' }] }, words.headerName],
		['headers.7', { headers: [{ id: 7, name: 'host', value: 'a' }] }, words.headerOwn],
		['headers.7', { headers: [{ id: 7, name: 'x-team', value: '蓝' }] }, words.headerValue],
		['headers.8', { headers: [7, 8].map(id => ({ id, name: 'x-a', value: 'a' })) }, words.headerTwice],
	])('with a wrong %s: %j', (path, changes, sentence) => {
		expect(check(changes)).toEqual({ [path]: sentence })
	})

	it('must not have the name of another upstream, whatever its case', () => {
		expect(check({}, { names: ['KIMI'] })).toEqual({ name: words.taken })
	})

	it('must not have keys that no header can carry', () => {
		expect(check({}, { keys: ['schlüssel'] })).toEqual({ keys: words.key })
	})

	it('leaves out rows with nothing in them', () => {
		expect(
			check({ rules: [{ id: 1, from: '', to: '' }], headers: [{ id: 2, name: '', value: '' }] }),
		).toEqual({})
	})
})

describe('what is hidden', () => {
	const secret = { ...stored, baseUrl: `https://${hidden}@host`, extraHeaders: { 'x-key': hidden } }
	const edit = (changes: Partial<Draft>) =>
		checkDraft({ ...toDraft(secret), ...changes }, { words, stored: secret, names: [], keys: [] })

	it('may stay', () => {
		expect(edit({ description: 'mine' })).toEqual({})
		expect(edit({ headers: [...toDraft(secret).headers, { id: 9, name: 'x-b', value: 'b' }] })).toEqual({})
	})

	it('has to be typed again when its URL changes', () => {
		expect(edit({ baseUrl: `https://${hidden}@elsewhere` })).toEqual({ baseUrl: words.hiddenUrl })
	})

	it('is not copied', () => {
		expect(copyDraft(secret, 'other')).toMatchObject({ name: 'other', baseUrl: '', headers: [{ value: '' }] })
	})
})

it('finds the row and the tab of a problem that the API tells', () => {
	const draft = { ...emptyDraft(), headers: [{ id: 4, name: 'x-a.b', value: hidden }] }
	const found = [{ path: 'extraHeaders.x-a.b', message: 'give the value: no header of this name is stored' }]
	expect(nameProblems(found, draft, words)).toEqual({ 'headers.4': words.hiddenHeader })
	expect(['headers.4', 'name', 'rules.1', 'keys', 'timeoutMs'].map(tabOf)).toEqual([
		...['advanced', 'basic', 'models', 'keys', 'advanced'],
	])
})

it('tells what it does not know as it is', () => {
	expect(describeProblem('something new', words)).toBe('something new')
})
