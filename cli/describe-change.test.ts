import { expect, test } from 'vitest'
import type { Change } from '../core/config/change.ts'
import { countChanges, describeChanges } from './describe-change.ts'
import { english, loadTexts } from './texts/index.ts'
import { createStyle } from './ui/style.ts'

const kimi = { upstreamId: 'up_1', name: 'kimi' }
const key = { ...kimi, keyId: 'key_1', mask: 'sk-…aaaa' }
const field = (name: string, from: unknown, to: unknown): Change => ({
	...{ kind: 'upstream-changed', ...kimi },
	fields: { [name]: { from, to } },
})

const cases: [Change, string[]][] = [
	[
		{ kind: 'upstream-added', ...kimi, fields: { type: 'claude', baseUrl: 'https://a.example' } },
		['+ upstream kimi (claude, https://a.example)'],
	],
	[{ kind: 'upstream-removed', ...kimi, keyCount: 1 }, ['- upstream kimi and its 1 key']],
	[field('enabled', true, false), ['~ kimi: enabled: true -> false']],
	[field('description', '', 'a\u001b[2J'), ['~ kimi: description: none -> a [2J']],
	[
		field('proxyUrl', 'http://••••@p.example', 'http://••••@p.example'),
		['~ kimi: proxy: http://••••@p.example (another secret part)'],
	],
	[
		field('modelMap', { opus: 'a', haiku: 'b', sonnet: 'c' }, { opus: 'x', sonnet: 'c', '*': 'd' }),
		['~ kimi: model map opus: a -> x', '- kimi: model map haiku: b', '+ kimi: model map *: d'],
	],
	[
		field('modelMap', { a: '1', b: '2' }, { b: '2', a: '1' }),
		['~ kimi: model map: another order or other values'],
	],
	[
		field('extraHeaders', { 'x-team': '••••' }, { 'x-team': '••••' }),
		['~ kimi: header: another order or other values'],
	],
	[
		{
			kind: 'upstreams-reordered',
			from: ['up_1', 'up_2'],
			to: ['up_2', 'up_1'],
			names: { up_1: 'kimi', up_2: 'glm' },
		},
		['~ order of the upstreams: glm, kimi'],
	],
	[
		{ kind: 'current-changed', from: undefined, to: 'up_1', toName: 'kimi' },
		['~ current upstream: none -> kimi'],
	],
	[{ kind: 'strategy-changed', from: 'failover', to: 'random' }, ['~ strategy: failover -> random']],
	[
		{ kind: 'setting-changed', setting: 'recording', from: { mode: 'off' }, to: { mode: 'all' } },
		['~ recording: {"mode":"off"} -> {"mode":"all"}'],
	],
	[
		{
			kind: 'keys-added',
			...kimi,
			keys: [
				{ id: 'key_1', mask: 'sk-…aaaa' },
				{ id: 'key_2', mask: '••••' },
			],
		},
		['+ kimi: key sk-…aaaa', '+ kimi: key ••••'],
	],
	[{ kind: 'key-removed', ...key }, ['- kimi: key sk-…aaaa']],
	[
		{
			kind: 'keys-reordered',
			...kimi,
			from: ['a', 'b'],
			to: ['b', 'a'],
			masks: { a: 'sk-…aaaa', b: 'sk-…bbbb' },
		},
		['~ kimi: order of the keys: sk-…bbbb, sk-…aaaa'],
	],
	[
		{ kind: 'keys-reordered', ...kimi, from: ['a', 'b'], to: ['b', 'a'] },
		['~ kimi: order of the keys: b, a'],
	],
	[{ kind: 'key-enabled', ...key }, ['~ kimi: key sk-…aaaa resumed']],
	[{ kind: 'key-disabled', ...key }, ['~ kimi: key sk-…aaaa paused']],
	[
		{ kind: 'key-purged', ...key, wasInUse: true, revisions: 3 },
		['- kimi: key sk-…aaaa purged from the configuration and 3 revisions'],
	],
	[
		{ kind: 'key-purged', ...key, wasInUse: false, revisions: 1 },
		['- kimi: key sk-…aaaa purged from 1 revision'],
	],
]

test.each(cases)('%j', (change, lines) => {
	expect(describeChanges([change], { style: createStyle(false), texts: english })).toEqual(lines)
})

// Settings are called by their names, as they are typed.
test.each(cases.filter(([{ kind }]) => kind !== 'setting-changed'))(
	'in Chinese: %j',
	async (change, lines) => {
		const said = describeChanges([change], { style: createStyle(false), texts: await loadTexts('zh') })
		expect(said).toHaveLength(lines.length)
		for (const line of said) expect(line).toMatch(/^[+~-] .*[一-鿿]/)
	},
)

test('counts lines by what they are', () => {
	const changes = [cases[0]![0], cases[5]![0], cases[12]![0]]
	expect(countChanges(changes, english)).toBe('4 added, 1 changed, 1 removed')
	expect(countChanges([], english)).toBe('nothing')
})
