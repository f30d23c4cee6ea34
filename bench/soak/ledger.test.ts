import { expect, test } from 'vitest'
import { FaultSchedule } from './faults.ts'
import { Ledger, type Outcome } from './ledger.ts'
import { Problems } from './tally.ts'

const took = { from: 1000, to: 1100 }
const accepted = (revision: number): Outcome => ({ kind: 'accepted', revision })

/** Reasons that a soak would fail for, when these changes led to this history. */
function judge(
	changes: readonly [message: string, outcome: Outcome][],
	history: readonly [revision: number, message: string][],
	latest = history.at(-1)?.[0] ?? 3,
): string[] {
	const problems = new Problems()
	const ledger = new Ledger('file', 3, problems)
	for (const [message, outcome] of changes) ledger.record(message, outcome, took, new FaultSchedule([]))
	ledger.see(history.map(([revision, message]) => ({ revision, message })))
	ledger.close(latest)
	return problems.list().map(({ reason }) => reason)
}

test('accepted changes that are all there, once, are in order; those in doubt may be there or not', () => {
	const changes: [string, Outcome][] = [
		['a', accepted(4)],
		['b', { kind: 'unknown' }],
		['c', { kind: 'unknown' }],
		['d', accepted(6)],
	]
	const history: [number, string][] = [
		[3, 'before'],
		[4, 'a'],
		[5, 'c'],
		[6, 'd'],
	]
	expect(judge(changes, history)).toEqual([])
})

test.each<[string, [string, Outcome][], [number, string][], string]>([
	['lost', [['a', accepted(4)]], [[4, 'b']], 'an accepted change is not in history'],
	[
		'made twice',
		[['a', accepted(4)]],
		[
			[4, 'a'],
			[5, 'a'],
		],
		'a change was made twice',
	],
	[
		'made though refused',
		[['a', { kind: 'refused', why: '503' }]],
		[[4, 'a']],
		'revisions are not the accepted',
	],
	[
		'given the revision of another',
		[
			['a', accepted(4)],
			['b', accepted(4)],
		],
		[[4, 'b']],
		'two changes have one',
	],
	['refused for nothing', [['a', { kind: 'refused', why: '503' }]], [], 'a change was refused'],
	[
		'replaced in history',
		[['a', accepted(4)]],
		[
			[4, 'a'],
			[4, 'b'],
		],
		'revision 4 became another',
	],
])('a change that is %s is found', (_, changes, history, reason) => {
	expect(judge(changes, history).join('\n')).toContain(reason)
})
