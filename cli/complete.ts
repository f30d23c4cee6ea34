import { listNames, openDatabase } from '../db/index.ts'
import { formatCandidates, unquoteWord } from './completion-scripts.ts'
import { completeWords, type KnownNames } from './completion-words.ts'
import { findEnvironment } from './environment.ts'
import type { CliIo } from './io.ts'

/** A person who pressed Tab waits no longer. */
const patienceMs = 200

/** `complete <shell> <words> _<current>`: what the scripts of `completion` call. Silent on failure. */
export async function runComplete([shell = '', ...words]: readonly string[], io: CliIo): Promise<void> {
	const raw = [...words.slice(0, -1), (words.at(-1) ?? '_').slice(1)]
	const typed = raw.map(word => unquoteWord(shell, word))
	const candidates = await completeWords(typed, () => withinTime(readNames())).catch(() => [])
	io.write(
		formatCandidates(shell, candidates)
			.map(line => `${line}\n`)
			.join(''),
	)
}

const nothing: KnownNames = { upstreams: [] }

function withinTime(names: Promise<KnownNames>): Promise<KnownNames> {
	const late = new Promise<KnownNames>(resolve => setTimeout(() => resolve(nothing), patienceMs).unref())
	return Promise.race([names.catch(() => nothing), late])
}

/** Reads as little as will do, and makes nothing: no `.env`, no database. */
async function readNames(): Promise<KnownNames> {
	const { environment, namesDatabase, missing } = await findEnvironment()
	if (missing.length > 0 && !namesDatabase) return nothing
	const { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken = '' } = environment
	const database = await openDatabase({ url, authToken })
	try {
		return { upstreams: await listNames(database) }
	} finally {
		database.close()
	}
}
