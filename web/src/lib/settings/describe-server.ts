import type { Health } from '../health/health.ts'
import type { Formats } from '../i18n/formats.ts'
import type { Messages } from '../i18n/messages/en/index.ts'
import type { SetupFacts } from '../setup/findings.ts'

type Words = Messages['settings']['about']

/** What the dictionary has no word for is shown as the server says it. */
export function describeDatabase(database: Health['database'], words: Words): string {
	if (database === undefined) return words.unknown
	if (!database.ok) return words.databaseFailing
	const { kind } = database
	return kind === undefined ? words.databaseOkPlain : words.databaseOk(words.databases[kind] ?? kind)
}

type Database = SetupFacts['database'] | undefined

export function describeSize(database: Database, formats: Formats, words: Words): string {
	if (database === undefined) return '…'
	return database.bytes === null ? words.unknown : formats.bytes(database.bytes)
}

/** Whether the database is of the version that this server wants. */
export function describeSchema(database: Database, words: Words): string {
	if (database === undefined) return '…'
	const { schema } = database
	if (schema === null) return words.unknown
	const { version, needed } = schema
	return version === needed ? words.schemaVersion(version) : words.schemaDiffers(version, needed)
}

interface Diagnosed {
	version: string | undefined
	health: Health | undefined
	revision: number | undefined
	database?: Database
	locale: string
	userAgent: string
	window: string
	path: string
	/** What went wrong, if that is why somebody asks. */
	error?: string | undefined
}

/** For a bug report, in English. Nothing that names anybody: no upstream, no address, no key. */
export function describeDiagnostics({
	version,
	health,
	revision,
	database: facts,
	locale,
	userAgent,
	window,
	path,
	error,
}: Diagnosed): string {
	const { database } = health ?? {}
	const lines: readonly (readonly [string, string | number | undefined])[] = [
		['claude-proxy', version ?? health?.version],
		['mode', health?.mode],
		['status', health?.status],
		['running for', health?.uptime === undefined ? undefined : `${Math.round(health.uptime)} s`],
		['database', database && `${database.kind ?? 'unknown'}, ${database.ok ? 'ok' : 'failing'}`],
		['schema', facts?.schema ? `${facts.schema.version} of ${facts.schema.needed}` : undefined],
		['database size', facts?.bytes == null ? undefined : `${facts.bytes} bytes`],
		['revision', revision],
		['upstreams', health?.upstreamCount],
		['key strategy', health?.strategy],
		['page', path],
		['error', error],
		['language', locale],
		['window', window],
		['browser', userAgent],
	]
	return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join('\n')
}
