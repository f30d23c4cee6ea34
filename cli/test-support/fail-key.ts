import type { KeyFailure } from '../../core/ports.ts'
import { createConfigStore, createKeyRing, type Database, openDatabase } from '../../db/index.ts'
import { loadEnvironment } from '../environment.ts'

/** Works on the database of the working directory, as the proxy would. */
export async function withDatabase<Result>(
	work: (database: Database, encryptionKey: string) => Promise<Result>,
): Promise<Result> {
	const { environment } = await loadEnvironment()
	const database = await openDatabase({ url: environment.TURSO_DATABASE_URL })
	try {
		return await work(database, environment.ENCRYPTION_KEY)
	} finally {
		database.close()
	}
}

/** What the proxy does when an upstream refuses the first key of the first upstream. */
export function failFirstKey(failure: Partial<KeyFailure> = {}): Promise<void> {
	return withDatabase(async (database, encryptionKey) => {
		const store = createConfigStore({ database, keyRing: createKeyRing(encryptionKey) })
		const snapshot = await store.current()
		store.failed({
			...{ keyId: snapshot.upstreams[0]!.keys[0]!.id, scope: '', status: 402, failureClass: 'quota' },
			...{ message: 'no credit', baseMs: 300_000, maxMs: 3_600_000, retryAfterMs: 0, ageMs: 10 },
			...failure,
		})
		await store.flush()
	})
}
