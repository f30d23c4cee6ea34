import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type HranaProcess, type Knobs, startHranaProcess } from '../../test/support/hrana-server.ts'
import { type Database, type DatabaseOptions, migrateDatabase, openDatabase } from '../index.ts'
import { lockAcrossProcesses } from './lock.ts'

/** How long a test file may wait for its turn on the server of TEST_LIBSQL_URL. */
const FOREIGN_TURN_MS = 600_000
/** No answer is given up on a computer that has other things to do; a test of a server that hangs asks for less. */
const SLOW_ANSWER_MS = 60_000
const TEST_MARK = 'claude_proxy_test_database'

/** One place where databases live, for a suite body that must hold in each of them. */
export interface Target {
	kind: 'file' | 'remote'
	/** We started it: its file and its switches are at hand. */
	ours: boolean
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
	/** Requests that stand at the server's `hold` now. */
	held(): Promise<number>
}

/**
 * Runs `body` against a temporary file, against a database server in a process of its own, and against the server of
 * TEST_LIBSQL_URL when that is set.
 */
export function describeTargets(name: string, body: (target: Target) => void): void {
	describe(`${name} (file)`, () => body(createFileTarget()))
	describe(`${name} (server)`, () => body(createServerTarget()))
	const { TEST_LIBSQL_URL: url, TEST_LIBSQL_TOKEN: authToken = '' } = process.env
	if (url) describe(`${name} (TEST_LIBSQL_URL)`, () => body(createForeignTarget({ url, authToken })))
}

export function createFileTarget(): Target {
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
		ours: true,
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
		held: () => Promise.resolve(0),
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
		timeoutMs: SLOW_ANSWER_MS,
	}))
	return {
		...base,
		...startEmpty(base),
		ours: true,
		file: () => server?.file ?? '',
		async control(knobs) {
			await server?.control(knobs)
		},
		held: async () => (await server?.stats())?.held ?? 0,
	}
}

/** A server that we did not start. It has one database, so one test file at a time uses it. */
function createForeignTarget(options: DatabaseOptions): Target {
	let release = () => Promise.resolve()
	beforeAll(async () => {
		release = await lockAcrossProcesses('claude-proxy-test-database')
		await claimForTests(options)
	}, FOREIGN_TURN_MS)
	afterAll(() => release())
	const base = withOpen('remote', () => options)
	return {
		...base,
		...startEmpty(base),
		ours: false,
		file: () => '',
		control: () => Promise.reject(new Error('this server has no switches')),
		held: () => Promise.resolve(0),
	}
}

function startEmpty(base: Pick<Target, 'open'>): Pick<Target, 'empty' | 'fresh'> {
	async function empty(): Promise<Database> {
		const database = await base.open()
		await dropTables(database)
		return database
	}
	return {
		empty,
		async fresh() {
			const database = await empty()
			await migrateDatabase(database)
			return database
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

const OWN_TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '${TEST_MARK}'
	AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'libsql_%' AND name NOT LIKE '_litestream_%'`

/** Tests drop all tables: only a database that was empty when they first saw it may be theirs. */
async function claimForTests(options: DatabaseOptions): Promise<void> {
	const database = await openDatabase(options)
	try {
		const marks = await database.execute(`SELECT name FROM sqlite_master WHERE name = '${TEST_MARK}'`)
		if (marks.length > 0) return
		const tables = await database.execute(OWN_TABLES)
		if (tables.length > 0) {
			throw new Error(
				`TEST_LIBSQL_URL names a database that holds tables (${tables[0]?.name}, …): tests would drop them. Give them an empty one.`,
			)
		}
		await database.execute(`CREATE TABLE ${TEST_MARK} (id INTEGER)`)
	} finally {
		database.close()
	}
}

async function dropTables(database: Database): Promise<void> {
	const rows = await database.execute(OWN_TABLES)
	// Tables that refer to others go first.
	const names = rows.map(row => String(row.name))
	const children = ['key_events', 'key_states', 'learned_facts', 'token_rates', 'upstream_keys'].filter(
		name => names.includes(name),
	)
	const order = [...children, ...names.filter(name => !children.includes(name))]
	if (order.length > 0) await database.batch(order.map(name => ({ sql: `DROP TABLE "${name}"` })))
}
