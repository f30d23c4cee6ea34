import type { Database } from './client.ts'
import { DatabaseError } from './errors.ts'

/** At start: a damaged file is reported before anything is served from it. Nothing is repaired or recreated. */
export async function quickCheck(database: Database): Promise<void> {
	if (database.location !== 'file') return
	const rows = await database.execute('PRAGMA quick_check(1)')
	const verdict = String(Object.values(rows[0] ?? { verdict: 'no answer' })[0])
	if (verdict === 'ok') return
	throw new DatabaseError(
		'corrupt',
		`The database ${database.label} is damaged (${verdict}). Put it aside and restore an export, or start with a new one.`,
	)
}
