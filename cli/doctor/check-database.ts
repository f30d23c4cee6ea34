import { stat } from 'node:fs/promises'
import { checkDatabase, type Database, openDatabase, readSchemaVersion } from '../../db/index.ts'
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

/** More than this confuses cooldowns in the eyes of people, not in ours: those go by the database's clock. */
const skewLimitMs = 5000

export function checkClock(databaseNow: number, readAt: number): Finding {
	const { ok, warn } = inArea('clock')
	const skewMs = Math.round(databaseNow - readAt)
	if (Math.abs(skewMs) <= skewLimitMs) return ok('as the one of the database')
	const seconds = Math.round(Math.abs(skewMs) / 1000)
	const text = `${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the database: keys and certificates may be misjudged`
	return warn(text, advise('let the computer set its clock from the network'))
}
