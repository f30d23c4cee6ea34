import type { InferResponseType } from 'hono/client'
import type { Api } from '../api/client.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

export type SetupFacts = InferResponseType<Api['setup']['$get'], 200>

export type FindingState = 'ok' | 'advice' | 'wrong'

/** One line of a check: what was found, and what to do about it. */
export interface Finding {
	name: string
	state: FindingState
	found: string
	fix?: string
	/** To paste: a variable, or a command. */
	code?: string
}

type Words = Messages['setup']

/** Prints what nobody can guess. */
const makeKey = 'openssl rand -hex 24'

/** Whether the server can do its work. */
export function listChecks(facts: SetupFacts, { check: words }: Words): Finding[] {
	return [
		{ name: words.server, state: 'ok', found: words.serverFound(facts.version, facts.mode) },
		checkDatabase(facts, words),
		checkSchema(facts, words),
		checkDuration(facts, words),
	]
}

function checkDatabase({ database }: SetupFacts, words: Words['check']): Finding {
	const { kind, label, ok, error } = database
	const name = words.database
	if (ok) return { name, state: 'ok', found: words.databaseFound[kind](label) }
	const code = kind === 'remote' ? 'TURSO_DATABASE_URL=libsql://…\nTURSO_AUTH_TOKEN=…' : undefined
	const fix = words.databaseFix[kind]
	return { name, state: 'wrong', found: error ?? words.databaseAway, fix, ...(code && { code }) }
}

function checkSchema({ database: { schema } }: SetupFacts, words: Words['check']): Finding {
	const name = words.schema
	if (schema === null)
		return { name, state: 'wrong', found: words.schemaUnknown, fix: words.schemaUnknownFix }
	const { version, needed } = schema
	if (version === needed) return { name, state: 'ok', found: words.schemaFound(version) }
	if (version > needed) return { name, state: 'wrong', found: words.schemaNewer, fix: words.schemaNewerFix }
	const found = words.schemaOlder(version, needed)
	return { name, state: 'wrong', found, fix: words.schemaOlderFix, code: 'npm run db:migrate' }
}

function checkDuration({ maxDuration }: SetupFacts, words: Words['check']): Finding {
	const name = words.duration
	if (maxDuration === 0) return { name, state: 'ok', found: words.durationFree }
	const found = words.durationFound(maxDuration)
	return maxDuration >= 120
		? { name, state: 'ok', found }
		: { name, state: 'advice', found, fix: words.durationFix }
}

/**
 * Who can use the proxy, and who can change it.
 * @param protocol of this page, as `location` has it
 */
export function listSecrets(facts: SetupFacts, { secure: words }: Words, protocol: string): Finding[] {
	const { accessKey, adminKey, exposed } = facts
	const weak = accessKey === 'good' ? undefined : words.keyFix('PROXY_ACCESS_KEY')
	return [
		{
			name: words.access,
			state: weak === undefined ? 'ok' : exposed || accessKey === 'known' ? 'wrong' : 'advice',
			found: words.strengths[accessKey],
			...(weak && { fix: weak, code: makeKey }),
		},
		checkAdminKey(adminKey, words),
		{ name: words.encryption, state: 'ok', found: words.encryptionFound, fix: words.encryptionKeep },
		{
			name: words.reach,
			state: 'ok',
			found: exposed ? words.reachAll : words.reachSelf,
			...(exposed && protocol === 'http:' && { fix: words.reachPlain }),
		},
	]
}

function checkAdminKey({ own, strength }: SetupFacts['adminKey'], words: Words['secure']): Finding {
	const name = words.admin
	const code = makeKey
	if (!own) return { name, state: 'advice', found: words.adminSame, fix: words.adminSameFix, code }
	if (strength === 'good') return { name, state: 'ok', found: words.adminOwn }
	return {
		name,
		state: 'advice',
		found: words.strengths[strength],
		fix: words.keyFix('ADMIN_ACCESS_KEY'),
		code,
	}
}
