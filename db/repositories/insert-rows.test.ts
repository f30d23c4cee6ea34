import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import type { SqlValue } from '../sql.ts'
import { describeTargets } from '../test-support/targets.ts'
import { createTableInsert } from './insert-rows.ts'

const insert = createTableInsert('things', ['id', 'kind', 'size', 'note'], 'ON CONFLICT (id) DO NOTHING')

describeTargets('a table insert', target => {
	test('rows come back as they were and in their order, whatever they have in common', async () => {
		const database = await target.fresh()
		await database.execute(
			'CREATE TABLE things (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, size INTEGER, note TEXT)',
		)
		const text = fc.constantFrom('a', 'b', "it's", '1', 'a\nb', '月', '')
		const size = fc.constantFrom<SqlValue>(1, 2, null, 9_007_199_254_740_991)
		const values = fc.tuple(text, size, text)
		const table = fc.oneof(
			fc.array(values, { maxLength: 260 }),
			fc.tuple(values, fc.nat(260)).map(([same, count]) => Array.from({ length: count }, () => same)),
		)
		await fc.assert(
			fc.asyncProperty(table, async found => {
				const rows = found.map((each, place): SqlValue[] => [`id ${place}`, ...each])
				await database.batch([{ sql: 'DELETE FROM things' }, ...insert(rows)])
				const stored = await database.execute('SELECT id, kind, size, note FROM things ORDER BY seq')
				expect(stored.map(({ id, kind, size, note }) => [id, kind, size, note])).toEqual(rows)
			}),
			{ numRuns: 30 },
		)
	})
})

describe('createTableInsert', () => {
	test('what rows have in common is bound once', () => {
		const rows = Array.from({ length: 150 }, (_, place): SqlValue[] => [`id ${place}`, 'kind', 7, null])
		const statements = insert(rows)
		expect(statements.map(({ args = [] }) => args.length)).toEqual([100 + 3, 50 + 3])
		const differing = rows.map((row, place): SqlValue[] => (place === 3 ? [`id 3`, 'other', 7, null] : row))
		expect(insert(differing).map(({ args = [] }) => args.length)).toEqual([200 + 2, 50 + 3])
	})

	test('equal rows are rows too', () => {
		const [statement] = insert(Array.from({ length: 20 }, (): SqlValue[] => ['id', 'kind', 7, null]))
		expect(statement?.args).toHaveLength(20 + 3)
	})
})
