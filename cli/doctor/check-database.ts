import { stat } from 'node:fs/promises'
import {
	checkDatabase,
	type Database,
	type Locking,
	openDatabase,
	readLocking,
	readSchemaVersion,
	setWriteAheadLog,
} from '../../db/index.ts'
import { migrateConfigured } from '../config-session.ts'
import type { FoundEnvironment } from '../environment.ts'
import { advise, type Finding, inArea, suggest } from './finding.ts'

export interface DatabaseLook {
	findings: Finding[]
	/** Undefined when there is none to be read. */
	database: Database | undefined
	/** Whether its schema is this version's. */
	usable: boolean
}

/** Opens what is there, and makes nothing. */
export async function lookAtDatabase(
	{ environment }: FoundEnvironment,
	options: { offline: boolean },
): Promise<DatabaseLook> {
	const { ok, skip, fail, warn } = inArea('database')
	const { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken = '' } = environment
	const path = /^file:(?:\/\/)?([^?#]*)/.exec(url)?.[1]
	const none = { database: undefined, usable: false }
	if (path === undefined && options.offline)
		return { ...none, findings: [skip('a server: not asked without network')] }
	if (path !== undefined && !(await exists(path))) {
		const text = `there is no ${path} yet: the first start makes it`
		return { ...none, findings: [warn(text, suggest('init'))] }
	}
	try {
		const started = performance.now()
		const database = await openDatabase({ url, authToken })
		const { version, codeVersion } = await readSchemaVersion(database)
		const ms = Math.round(performance.now() - started)
		const findings = [ok(`${database.label} answers in ${ms} ms`), judgeSchema()]
		function judgeSchema(): Finding {
			if (version === codeVersion) return ok(`schema ${version}`)
			if (version > codeVersion) return fail('it belongs to a newer claude-proxy', advise('update this one'))
			return fail(`schema ${version}, this version needs ${codeVersion}`, {
				...suggest('db', 'migrate'),
				async repair() {
					const { applied } = await migrateConfigured(database, environment)
					return `${applied} migrations applied`
				},
			})
		}
		return { findings, database, usable: version === codeVersion }
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error)
		const check = advise('check TURSO_DATABASE_URL, TURSO_AUTH_TOKEN and the network')
		return { ...none, findings: [fail(text, path === undefined ? check : {})] }
	}
}

async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	)
}

export async function checkContents(database: Database): Promise<Finding[]> {
	const { ok, fail } = inArea('database')
	const problems = await checkDatabase(database)
	if (problems.length === 0) return [ok('no damage found')]
	return problems.map(problem => fail(problem, advise('put it aside, and bring back an export')))
}

/** SQLite's own wait bounds how often a busy moment is tried again: shorter, and a busy file is given up too early. */
const leastBusyMs = 100

/** Whether processes that use the file at once wait for each other as they should. */
export function judgeLocking({ journalMode, busyTimeoutMs, patienceMs }: Locking): Finding {
	const { ok, warn } = inArea('database')
	if (journalMode !== 'wal') {
		return warn(
			`journal mode ${journalMode} instead of wal: who reads makes who writes wait`,
			advise('each start sets it; where it stays so, keep the file on a disk of this computer'),
		)
	}
	const waits = `a lock is waited for ${busyTimeoutMs} ms at a time`
	if (busyTimeoutMs < leastBusyMs)
		return warn(`${waits}: other processes that write make requests fail`, advise('reinstall claude-proxy'))
	return ok(`journal mode wal; ${waits}, ${patienceMs / 1000} s in all`)
}

/** What a file alone has; `--fix` gives it its write-ahead log. */
export async function checkLocking(database: Database): Promise<Finding> {
	const locking = await readLocking(database)
	const finding = judgeLocking(locking)
	if (locking.journalMode === 'wal') return finding
	return {
		...finding,
		async repair() {
			const mode = await setWriteAheadLog(database)
			return mode === 'wal' ? 'the database has its write-ahead log' : `the journal mode is still ${mode}`
		},
	}
}
