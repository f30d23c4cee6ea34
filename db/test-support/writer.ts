/** A process that writes: `node writer.ts <url> <token> <encryption key> <upstream id> <name> <rounds>`. */
import {
	createConfigRepository,
	createConfigStore,
	createKeyRing,
	createRequestLog,
	openDatabase,
} from '../index.ts'
import { keyFailure, requestRecord } from './samples.ts'

const [url, authToken, encryptionKey, upstreamId, name, rounds] = process.argv.slice(2) as [
	...[string, string, string, string, string, string],
]
const database = await openDatabase({ url, authToken })
const keyRing = createKeyRing(encryptionKey)
const repository = createConfigRepository(database, keyRing)
const store = createConfigStore({ database, keyRing })
const log = createRequestLog({ database, delayMs: 0 })
const firstKey = (await store.current()).upstreams[0]!.keys[0]!.id

for (let round = 0; round < Number(rounds); round++) {
	await repository.addKeys(upstreamId, [`sk-${name}-${round}-000000000000`], { author: 'cli' })
	await database.execute(
		`INSERT INTO counters (name, value) VALUES ('test', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`,
	)
	log.record(requestRecord(`req_${name}_${round}`))
	store.failed(keyFailure(firstKey, { ageMs: 60_000 }))
	await store.flush()
	await log.flush()
}
console.log(JSON.stringify({ health: store.status().health, log: log.stats() }))
database.close()
