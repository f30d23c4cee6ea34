import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../cli/commands/index.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { adminClient, bearer } from '../support/admin-client.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { readCodes, readTables } from './tables.ts'

const tables = readTables(readFileSync(join(projectRoot, 'docs/parity.md'), 'utf8'))
const shared = tables.get('Admin, command line, API: who can do what') ?? []
const alone = tables.get('Only with a reason') ?? []
const [typed, called] = [2, 3].map(cell => shared.flatMap(row => readCodes(row[cell] ?? ''))) as [
	string[],
	string[],
]
const excused = alone.flatMap(([cell = '']) => readCodes(cell))

interface Operation {
	id: string
	method: string
}
let proxy: TestProxy
let operations: Operation[]
beforeAll(async () => {
	proxy = await startProxy()
	const { body } = await adminClient(proxy, bearer(accessKey))('GET', '/api/openapi.json')
	operations = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
		methods => Object.entries(methods).map(([method, { operationId }]) => ({ id: operationId, method })),
	)
})
afterAll(() => proxy.close())

/** `key … add` -> `key add`, as usage lines have it: the command, and the action where it has several. */
async function listForms(): Promise<string[]> {
	const entries = await Promise.all(
		Object.entries(commands).map(async ([name, { load }]) => {
			const { usage } = await load()
			const actions = usage.flatMap(form => readActions(name, form))
			return actions.length === 0 ? [name] : [name, ...actions.map(action => `${name} ${action}`)]
		}),
	)
	return entries.flat()
}

function readActions(name: string, form: string): string[] {
	const [, word] = form
		.replace(/<[^>]*>|\[|\]/g, ' ')
		.trim()
		.split(/\s+/)
	return word === undefined || !/^[a-z][a-z|-]*$/.test(word) || name === 'balance' || name === 'completion'
		? []
		: word.split('|')
}

const plain = (code: string) => code.replace(' … ', ' ')

describe('docs/parity.md', () => {
	test('has every operation of the API, and no other', () => {
		expect([...called, ...excused.filter(code => operations.some(({ id }) => id === code))].sort()).toEqual(
			operations.map(({ id }) => id).sort(),
		)
	})

	test('has a command for every operation that changes something, or the reason why not', () => {
		const rows = new Map(shared.flatMap(row => readCodes(row[3] ?? '').map(id => [id, row] as const)))
		const changing = operations.filter(({ id, method }) => method !== 'get' && !excused.includes(id))
		const lacking = changing.filter(({ id }) => readCodes(rows.get(id)?.[2] ?? '').length === 0)
		expect(lacking).toEqual([])
	})

	test('has every command, and no other', async () => {
		const forms = await listForms()
		const told = [...typed, ...excused.filter(code => !operations.some(({ id }) => id === code))].map(plain)
		expect(told.filter(code => !forms.includes(code))).toEqual([])
		const missing = Object.keys(commands).filter(name => !told.some(code => code.split(' ')[0] === name))
		expect(missing).toEqual([])
	})

	test('has an operation of the API for every command that changes the configuration', () => {
		const changing = Object.entries(commands)
			.filter(([, { changes }]) => changes)
			.map(([name]) => name)
		const lacking = changing.filter(
			name =>
				!shared.some(
					row =>
						readCodes(row[2] ?? '').some(code => code.split(' ')[0] === name) &&
						readCodes(row[3] ?? '').length > 0,
				),
		)
		expect(lacking).toEqual([])
	})

	test('gives a reason for each gap', () => {
		const gaps = shared
			.filter(row => row[2] === '—' || row[3] === '—')
			.flatMap(row => [...readCodes(row[2] ?? ''), ...readCodes(row[3] ?? '')])
		expect(gaps.filter(code => !excused.includes(code))).toEqual([])
		expect(alone.every(([, where = '', why = '']) => where !== '' && why.length > 10)).toBe(true)
	})
})
