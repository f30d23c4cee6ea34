import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { strategies } from '../../../../core/config/upstream.ts'
import { chooseLocale } from './locale.ts'
import { en } from './messages/en/index.ts'
import { zhCn } from './messages/zh-cn/index.ts'

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
	expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
	const empty = [...english, ...chinese].filter(([name, leaf]) => leaf === '' && !name.endsWith('.advice'))
	expect(empty).toEqual([])
})

it('uses the same values in both languages', () => {
	const counts = (leaves: Map<string, Leaf>) =>
		[...leaves.keys()].sort().map(name => {
			const leaf = leaves.get(name)
			return [name, typeof leaf === 'function' ? leaf.length : 'text']
		})
	expect(counts(chinese)).toEqual(counts(english))
})

/** Names that are the same in every language. */
const names = new Set([
	'settings.about.databases.turso',
	'requests.payload.curl',
	'playground.tab.curl',
	'playground.json',
])
const productNames = /^upstreams\.(?:types|form\.authStyles)\.[\w-]+\.name$/

it('is really translated', () => {
	const same = [...english].filter(
		([name, leaf]) => typeof leaf === 'string' && leaf !== '' && chinese.get(name) === leaf,
	)
	const untranslated = same.map(([name]) => name).filter(name => !names.has(name) && !productNames.test(name))
	expect(untranslated).toEqual([])
})

it('puts no Chinese between half-width punctuation', () => {
	const wrong = [...chinese].filter(([, leaf]) => typeof leaf === 'string' && /[一-鿿][,;:!?]/.test(leaf))
	expect(wrong).toEqual([])
})

it('has a word for every strategy', () => {
	expect(Object.keys(en.upstreams.strategies).sort()).toEqual([...strategies].sort())
})

/** Filled by what the server names: no source mentions each of them. */
const byServer = /^notes\.|^errors\.codes\.|^common\.status\.|^settings\.about\.(?:modes|databases)\./

it('has no text that no page shows', () => {
	const sources = readSources(resolve(import.meta.dirname, '../..'))
	const unused = [...english.keys()].filter(name => !byServer.test(name) && !isMentioned(name, sources))
	expect(unused).toEqual([])
})

/** The text itself by its name, or everything of its group by a variable: `words.theme[value]`. */
function isMentioned(path: string, sources: string): boolean {
	const [leaf = '', group = ''] = path.split('.').reverse()
	const own = new RegExp(`\\.${leaf}\\b|\\['${leaf}'\\]`)
	return own.test(sources) || new RegExp(`\\b${group}\\[`).test(sources) || isPicked(leaf, sources)
}

/** `words[state]` with the name among the values of `state`. */
const isPicked = (leaf: string, sources: string) =>
	/\bwords\[/.test(sources) && new RegExp(`['"\`]${leaf}['"\`]|^\\s*${leaf}: \\{`, 'm').test(sources)

function readSources(folder: string): string {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter(path => /\.(?:svelte|ts)$/.test(path) && !path.includes('messages') && !path.endsWith('.test.ts'))
		.map(path => readFileSync(join(folder, path), 'utf8'))
		.join('\n')
}

it.each([
	['zh-CN', [], 'zh-CN'],
	['en', ['zh-CN'], 'en'],
	['en-XA', ['zh-CN'], 'en-XA'],
	[null, ['zh-Hans-CN', 'en'], 'zh-CN'],
	[null, ['fr-FR', 'zh-TW', 'en'], 'zh-CN'],
	[null, ['en-GB', 'zh'], 'en'],
	[null, ['fr', 'de'], 'en'],
	['klingon', [], 'en'],
])('for the choice %s and the languages %j it is %s', (stored, preferred, locale) => {
	expect(chooseLocale(stored, preferred)).toBe(locale)
})
