import { expect, it } from 'vitest'
import { en } from '../i18n/messages/en/index.ts'
import { describeChanges } from './describe-change.ts'

const words = en.common.changes
const key = { upstreamId: 'up_1', name: 'kimi', keyId: 'key_1', mask: 'sk-a…1111' }

it('shows each changed field of an upstream', () => {
	const fields = { timeoutMs: { from: 0, to: 60_000 }, name: { from: 'kimi', to: 'moonshot' } }
	const lines = describeChanges(
		[{ kind: 'upstream-changed', upstreamId: 'up_1', name: 'kimi', fields }],
		words,
	)
	expect(lines).toEqual([
		{ kind: 'changed', group: 'kimi', label: 'Longest silence (ms)', before: '0', after: '60000' },
		{ kind: 'changed', group: 'kimi', label: 'Name', before: 'kimi', after: 'moonshot' },
	])
})

it('names what was reordered instead of its ids', () => {
	const names = { up_1: 'kimi', up_2: 'openai' }
	const [line] = describeChanges(
		[{ kind: 'upstreams-reordered', from: ['up_1', 'up_2'], to: ['up_2', 'up_1'], names }],
		words,
	)
	expect(line).toMatchObject({ before: 'kimi, openai', after: 'openai, kimi' })
})

it('shows keys by their masks', () => {
	const lines = describeChanges(
		[
			{ kind: 'keys-added', upstreamId: 'up_1', name: 'kimi', keys: [{ id: 'key_1', mask: 'sk-a…1111' }] },
			{ kind: 'key-disabled', ...key },
			{ kind: 'key-removed', ...key },
		],
		words,
	)
	expect(lines.map(line => [line.kind, line.label])).toEqual([
		['added', 'Key sk-a…1111'],
		['changed', 'Key sk-a…1111'],
		['removed', 'Key sk-a…1111'],
	])
})

it('shows what differs within a value, and the whole when only the order does', () => {
	const modelMap = { from: { opus: 'a', sonnet: 'b' }, to: { opus: 'c', haiku: 'd' } }
	const describe = (fields: Record<string, { from: unknown; to: unknown }>) =>
		describeChanges([{ kind: 'upstream-changed', upstreamId: 'up_1', name: 'kimi', fields }], words)
	expect(describe({ modelMap })).toEqual([
		{ kind: 'changed', group: 'kimi', label: 'Model map: opus', before: 'a', after: 'c' },
		{ kind: 'removed', group: 'kimi', label: 'Model map: sonnet', before: 'b' },
		{ kind: 'added', group: 'kimi', label: 'Model map: haiku', after: 'd' },
	])
	const reordered = { from: { a: 'x', b: 'y' }, to: { b: 'y', a: 'x' } }
	expect(describe({ modelMap: reordered })).toMatchObject([
		{ label: 'Model map', before: '{"a":"x","b":"y"}', after: '{"b":"y","a":"x"}' },
	])
})

it('tells of a new upstream what is not as always', () => {
	const fields = { name: 'kimi', type: 'claude', website: '', timeoutMs: 0, modelMap: {}, enabled: false }
	const lines = describeChanges([{ kind: 'upstream-added', upstreamId: 'up_1', name: 'kimi', fields }], words)
	expect(lines.map(({ label, after }) => [label, after])).toEqual([
		['Upstream', undefined],
		['Type', 'claude'],
		['Enabled', 'no'],
	])
})

it('names settings and their parts, and a field of another version as it is', () => {
	const recording = { from: { mode: 'errors', days: 7 }, to: { mode: 'all', days: 7 } }
	const lines = describeChanges(
		[
			{ kind: 'setting-changed', setting: 'recording', ...recording },
			{
				kind: 'upstream-changed',
				upstreamId: 'up_1',
				name: 'kimi',
				fields: { 'later.field': { from: true, to: false } },
			},
		],
		words,
	)
	expect(lines).toEqual([
		{ kind: 'changed', group: 'Settings', label: 'Recording', before: 'errors', after: 'all' },
		{ kind: 'changed', group: 'kimi', label: 'later: field', before: 'yes', after: 'no' },
	])
})
