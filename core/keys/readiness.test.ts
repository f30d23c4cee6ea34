import { describe, expect, test } from 'vitest'
import type { KeyHealth } from '../config/snapshot.ts'
import { findDueScopes, readReadiness } from './readiness.ts'

const now = 1_000_000
const cooling = { cooldownUntil: now + 1, streak: 1, probeUntil: 0 }
const due = { cooldownUntil: now, streak: 1, probeUntil: now }
const probing = { cooldownUntil: now, streak: 1, probeUntil: now + 1 }
const cleared = { cooldownUntil: 0, streak: 0, probeUntil: 0 }

function makeHealth(scopes: Record<string, KeyHealth>): ReadonlyMap<string, KeyHealth> {
	return new Map(Object.entries(scopes))
}

describe('how a key stands for model m', () => {
	test.each([
		['ready', 'without failures', {}],
		['ready', 'cleared', { '': cleared, m: cleared }],
		['ready', 'when another model cools', { other: cooling }],
		['due', 'after its cooldown', { '': due }],
		['due', 'after the cooldown of the model', { '': cleared, m: due }],
		['probing', 'while another request tries it', { '': probing }],
		['probing', 'while another request tries the model', { '': due, m: probing }],
		['cooling', 'as a whole', { '': cooling, m: due }],
		['cooling', 'for the model', { '': probing, m: cooling }],
	] as const)('%s: %s', (readiness, _why, scopes) => {
		expect(readReadiness(makeHealth(scopes), 'm', now)).toBe(readiness)
	})

	test('a request tries out all that it depends on', () => {
		expect(findDueScopes(makeHealth({ '': due, m: due, other: due }), 'm', now)).toEqual(['', 'm'])
		expect(findDueScopes(makeHealth({ '': cleared, m: due }), 'm', now)).toEqual(['m'])
	})

	test('nothing is tried out of a key that is ready, cools, or is being tried', () => {
		const cases: Record<string, KeyHealth>[] = [{}, { '': due, m: cooling }, { '': due, m: probing }]
		for (const scopes of cases) {
			expect(findDueScopes(makeHealth(scopes), 'm', now)).toEqual([])
		}
	})
})
