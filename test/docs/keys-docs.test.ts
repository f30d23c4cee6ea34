import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failureRules } from '../../core/proxy/failure-classes.ts'
import { FORGET_AFTER_MS, PROBE_LEASE_MS } from '../../db/store/health-rule.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { readCodes, readTables } from './tables.ts'

const text = readFileSync(join(projectRoot, 'docs/keys-and-failover.md'), 'utf8')
const rows = readTables(text).get('What a failure means') ?? []
const isRule = (row: readonly string[]) => row.length > 2
const classOf = (row: readonly string[]) => readCodes(row[0] ?? '')[0]

const yesOrNo = (value: boolean) => (value ? 'yes' : 'no')
const minutes = (ms: number) => `${ms / 60_000} min`

describe('docs/keys-and-failover.md', () => {
	test.each(Object.entries(failureRules))('tells what follows from %s', (name, rule) => {
		const { cooldown } = rule
		const wait = cooldown
			? [
					rule.scope === 'model' ? 'the key for the model' : 'the key',
					minutes(cooldown.baseMs),
					minutes(cooldown.maxMs),
					cooldown.retryAfter === 'exact' ? 'exact' : 'the least',
				]
			: ['no', '', '', '']
		const told = rows.find(row => isRule(row) && classOf(row) === name)
		expect(told?.slice(1)).toEqual([
			...[yesOrNo(rule.nextKey), ...wait],
			...[yesOrNo(rule.demote), rule.nextKey ? yesOrNo(!rule.hopeless) : ''],
		])
	})

	test('tells of each class what it comes from, and of no other', () => {
		const classes = Object.keys(failureRules)
		expect(rows.filter(isRule).map(classOf)).toEqual(classes)
		expect(rows.filter(row => !isRule(row)).map(classOf)).toEqual(classes)
	})

	test('tells the times that the rules go by', () => {
		expect(text).toContain(`After ${FORGET_AFTER_MS / 3_600_000} hours without a failure`)
		expect(text).toContain(`takes longer than ${PROBE_LEASE_MS / 1000} s`)
	})
})
