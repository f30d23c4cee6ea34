import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type HranaProcess, type Knobs, startHranaProcess } from '../../test/support/hrana-server.ts'
import { type Database, type DatabaseOptions, migrateDatabase, openDatabase } from '../index.ts'

/** One place where databases live, for a suite body that must hold in each of them. */
export interface Target {
	kind: 'file' | 'remote'
	/** How to open the present database, also from another process. */
	options(): DatabaseOptions
	/** A connection of its own, closed after the test. */
	open(changes?: Partial<DatabaseOptions>): Promise<Database>
	/** Leaves an empty, migrated database, and opens it. */
	fresh(): Promise<Database>
	/** The same without tables. */
	empty(): Promise<Database>
	/** Path of the SQLite file behind it. */
	file(): string
	/** Switches of the server; only remote targets have them. */
	control(knobs: Partial<Knobs>): Promise<void>
}

/** Runs `body` against a temporary file, and against a database server in a process of its own. */
export function describeTargets(name: string, body: (target: Target) => void): void {
	describe(`${name} (file)`, () => body(createFileTarget()))
	describe(`${name} (server)`, () => body(createServerTarget()))
}

function createFileTarget(): Target {
	let folder = ''
	let count = 0
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'claude-proxy-db-'))
	})
	afterAll(() => rm(folder, { recursive: true, force: true }))
	const file = () => join(folder, `${count}.db`)
	const base = withOpen('file', () => ({ url: `file:${file()}` }))
	return {
		...base,
		file,
		empty() {
			count++
			return base.open()
		},
		async fresh() {
			count++
			const database = await base.open()
			await migrateDatabase(database)
			return database
		},
		control: () => Promise.reject(new Error('a file has no switches')),
	}
}

export function createServerTarget(): Target {
	let server: HranaProcess | undefined
	beforeAll(async () => {
		server = await startHranaProcess()
	})
	afterEach(async () => {
		await server?.control({})
	})
	afterAll(() => server?.stop())
	const base = withOpen('remote', () => ({
		url: server?.url ?? '',
		authToken: server?.token ?? '',
	}))
	async function empty(): Promise<Database> {
		const database = await base.open()
		await dropTables(database)
		return database
	}
	return {
		...base,
		empty,
		file: () => server?.file ?? '',
		async fresh() {
			const database = await empty()
			await migrateDatabase(database)
			return database
		},
		async control(knobs) {
			await server?.control(knobs)
		},
	}
}

function withOpen(
	kind: Target['kind'],
	options: () => DatabaseOptions,
): Pick<Target, 'kind' | 'options' | 'open'> {
	let opened: Database[] = []
	afterEach(() => {
		for (const database of opened) database.close()
		opened = []
	})
	return {
		kind,
		options,
		async open(changes = {}) {
			const database = await openDatabase({ ...options(), ...changes })
			opened.push(database)
			return database
		},
	}
}

async function dropTables(database: Database): Promise<void> {
	const rows = await database.execute(
		`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'libsql_%'`,
	)
	// Tables that refer to others go first.
	const names = rows.map(row => String(row.name))
	const children = ['key_events', 'key_states', 'learned_facts', 'token_rates', 'upstream_keys'].filter(
		name => names.includes(name),
	)
	const order = [...children, ...names.filter(name => !children.includes(name))]
	if (order.length > 0) await database.batch(order.map(name => ({ sql: `DROP TABLE "${name}"` })))
}
