import type { Health } from '../health/health.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

type Words = Messages['settings']['about']

/** What the dictionary has no word for is shown as the server says it. */
export function describeDatabase(database: Health['database'], words: Words): string {
	if (database === undefined) return words.unknown
	if (!database.ok) return words.databaseFailing
	const { kind } = database
	return kind === undefined ? words.databaseOkPlain : words.databaseOk(words.databases[kind] ?? kind)
}

interface Diagnosed {
	version: string | undefined
	health: Health | undefined
	revision: number | undefined
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
