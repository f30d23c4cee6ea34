import { expect, it } from 'vitest'
import { chooseLocale } from './locale.ts'
import { en } from './messages/en.ts'
import { zhCn } from './messages/zh-cn.ts'

type Leaf = string | ((...values: never[]) => string)

function listLeaves(tree: object, path = ''): [string, Leaf][] {
	return Object.entries(tree).flatMap(([name, value]) =>
		typeof value === 'object'
			? listLeaves(value, `${path}${name}.`)
			: [[`${path}${name}`, value] as [string, Leaf]],
	)
}

const english = new Map(listLeaves(en))
const chinese = new Map(listLeaves(zhCn))

it('says everything in both languages', () => {
	expect([...chinese.keys()]).toEqual([...english.keys()])
	const empty = [...english, ...chinese].filter(([, leaf]) => leaf === '')
	expect(empty).toEqual([])
})

it('uses the same values in both languages', () => {
	const counts = (leaves: Map<string, Leaf>) =>
		[...leaves].map(([name, leaf]) => [name, typeof leaf === 'function' ? leaf.length : 'text'])
	expect(counts(chinese)).toEqual(counts(english))
})

it('is really translated', () => {
	const names = new Set(['facts.databases.turso', 'steps.settingsFile'])
	const same = [...english].filter(([name, leaf]) => typeof leaf === 'string' && chinese.get(name) === leaf)
	const untranslated = same
		.map(([name]) => name)
		.filter(name => !names.has(name) && !name.startsWith('starters.'))
	expect(untranslated).toEqual([])
})

it.each([
	['zh-CN', [], 'zh-CN'],
	['en', ['zh-CN'], 'en'],
	[null, ['zh-Hans-CN', 'en'], 'zh-CN'],
	[null, ['fr-FR', 'zh-TW', 'en'], 'zh-CN'],
	[null, ['en-GB', 'zh'], 'en'],
	[null, ['fr', 'de'], 'en'],
	['klingon', [], 'en'],
])('for the choice %s and the languages %j it is %s', (stored, preferred, locale) => {
	expect(chooseLocale(stored, preferred)).toBe(locale)
})
