import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { learnedFactSchema } from '../../core/config/learned-facts.ts'
import { upstreamTypes } from '../../core/upstreams/registry.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { readSdkTypes } from './request-fields.ts'
import { readCodes, readNamedFields, readTables } from './tables.ts'

const markdown = readFileSync(join(projectRoot, 'docs/conversion.md'), 'utf8')
/** Its headings are the same as those of the answer, which comes after it. */
const request = readTables(markdown.slice(0, markdown.indexOf('\n## Answer\n')))
const tables = readTables(markdown)
const sdk = readSdkTypes()

function rowsOf(heading: string): readonly string[][] {
	const rows = tables.get(heading)
	if (!rows) throw new Error(`docs/conversion.md has no section "${heading}"`)
	return rows
}

const firstCodes = (heading: string) => rowsOf(heading).flatMap(([cell = '']) => readCodes(cell))

/** Each converting type's own table, after the one for all of them. */
const requestSections = ['openai and openaiold', 'responses', 'gemini']

describe('docs/conversion.md', () => {
	const everyField = [...sdk.fields].flatMap(([kind, fields]) => [...fields].map(field => ({ kind, field })))
	const shared = readNamedFields(request.get('All converting types') ?? [])

	test('the SDK’s types are read: fields of requests, of blocks deep inside, and of beta requests', () => {
		expect(sdk.fields.get('request')).toContain('max_tokens')
		expect(sdk.fields.get('tool_use')).toContain('input')
		expect(sdk.fields.get('user_location')).toContain('timezone')
		expect(sdk.fields.get('request')).toContain('context_management')
		expect(sdk.fields.get('thread')).toContain('previous_message_id')
		expect(everyField.length).toBeGreaterThan(300)
	})

	test.each(requestSections)(
		'tells of every field of the SDK’s request types what becomes of it: %s',
		name => {
			const own = readNamedFields(request.get(name) ?? [])
			const missing = everyField.filter(
				({ kind, field }) => !shared.get(kind)?.has(field) && !own.get(kind)?.has(field),
			)
			expect(missing.map(({ kind, field }) => `\`${kind}\`: \`${field}\``)).toEqual([])
		},
	)

	test('names no block or object that the SDK does not know', () => {
		const named = ['All converting types', ...requestSections].flatMap(name => [
			...readNamedFields(request.get(name) ?? []).keys(),
		])
		expect(named.filter(kind => !sdk.fields.has(kind))).toEqual([])
	})

	test('tells of every upstream type', () => {
		const headings = [...tables.keys()].flatMap(heading => heading.split(' and '))
		expect(headings).toEqual(expect.arrayContaining(upstreamTypes.toSorted()))
	})

	test('tells of every stop reason, those of beta answers included', () => {
		expect(sdk.stopReasons).toContain('compaction')
		expect(firstCodes('Stop reasons').toSorted()).toEqual([...sdk.stopReasons].toSorted())
	})

	test('tells of every fact that can be learned, and of no other', () => {
		const kinds = learnedFactSchema.options.map(option => option.shape.kind.value)
		expect(firstCodes('Self-healing').toSorted()).toEqual(kinds.toSorted())
	})
})
