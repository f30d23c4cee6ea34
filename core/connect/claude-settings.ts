import { maskKey } from '../keys/mask.ts'
import { accessKeyPlaceholder, type Connection, listVariables } from './connection.ts'

/** Claude Code's settings file as it will be. */
export interface SettingsEdit {
	/** The whole file. */
	text: string
	/** One line each, `+` and `-`; without keys. Empty when it says all of it already. */
	diff: string[]
}

export type SettingsResult = { ok: true; edit: SettingsEdit } | { ok: false; problem: string }

/** Variables whose values are keys. */
const secretNames: ReadonlySet<string> = new Set(['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'])

/**
 * Adds a connection to the text of `~/.claude/settings.json` and leaves everything else in it as it is. A key of
 * Anthropic's in there is blanked: Claude Code would prefer it to the token.
 * @param text undefined when there is no file yet
 */
export function editClaudeSettings(text: string | undefined, connection: Connection): SettingsResult {
	const before = readSettings(text)
	if (before === undefined) return { ok: false, problem: 'it is no JSON object' }
	const env = before.env ?? {}
	if (!isObject(env)) return { ok: false, problem: '"env" in it is no object' }
	const wanted: Record<string, string> = { ...listVariables(connection) }
	if (typeof env.ANTHROPIC_API_KEY === 'string' && env.ANTHROPIC_API_KEY !== '') wanted.ANTHROPIC_API_KEY = ''
	const changed = Object.entries(wanted).filter(([name, value]) => env[name] !== value)
	if (changed.length === 0) return { ok: true, edit: { text: text ?? '', diff: [] } }
	const settings = { ...before, env: { ...env, ...wanted } }
	const end = text === undefined || text.endsWith('\n') ? '\n' : ''
	return {
		ok: true,
		edit: {
			text: JSON.stringify(settings, null, readIndent(text)) + end,
			diff: changed.flatMap(([name, value]) => describeChange(name, env[name], value)),
		},
	}
}

/** Where Claude Code sends its requests by this file; undefined when it does not say. */
export function readClaudeTarget(
	text: string,
): { baseUrl?: string; token?: string; apiKey?: string } | undefined {
	const env = readSettings(text)?.env
	if (!isObject(env)) return undefined
	const pick = (name: string) => (typeof env[name] === 'string' && env[name] !== '' ? env[name] : undefined)
	const [baseUrl, token, apiKey] = [
		pick('ANTHROPIC_BASE_URL'),
		pick('ANTHROPIC_AUTH_TOKEN'),
		pick('ANTHROPIC_API_KEY'),
	]
	return { ...(baseUrl && { baseUrl }), ...(token && { token }), ...(apiKey && { apiKey }) }
}

function describeChange(name: string, before: unknown, after: string): string[] {
	const show = (value: unknown) => `"${name}": ${JSON.stringify(hide(name, value))}`
	return [...(before === undefined ? [] : [`- ${show(before)}`]), `+ ${show(after)}`]
}

function hide(name: string, value: unknown): unknown {
	const hides =
		secretNames.has(name) && typeof value === 'string' && value !== '' && value !== accessKeyPlaceholder
	return hides ? maskKey(value) : value
}

function readSettings(text: string | undefined): Record<string, unknown> | undefined {
	if (text === undefined || text.trim() === '') return {}
	try {
		const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
		return isObject(value) ? value : undefined
	} catch {
		return undefined
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As the file is indented: by tabs or by so many blanks. */
function readIndent(text = ''): string {
	return /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
}
