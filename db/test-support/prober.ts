/**
 * A process that tries a key after its cooldown as soon as it may: `node prober.ts <url> <token> <encryption key>
 * <processes>`. It waits for the others first, then prints how often it tried.
 */
import { setTimeout } from 'node:timers/promises'
import { readReadiness } from '../../core/keys/readiness.ts'
import { createConfigStore, createKeyRing, openDatabase } from '../index.ts'

const [url, authToken, encryptionKey, processes] = process.argv.slice(2) as [string, string, string, string]
const database = await openDatabase({ url, authToken })
const store = createConfigStore({
	...{ database, keyRing: createKeyRing(encryptionKey) },
	...{ softMs: 0, hardMs: 0, waitMs: 10_000 },
})
const keyId = (await store.current()).upstreams[0]!.keys[0]!.id
await database.execute(
	`INSERT INTO counters (name, value) VALUES ('ready', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`,
)
for (let ready = 0; ready < Number(processes); await setTimeout(20)) {
	const rows = await database.execute(`SELECT value FROM counters WHERE name = 'ready'`)
	ready = Number(rows[0]?.value)
}
let tries = 0
for (let round = 0; round < 20; round++) {
	await store.current()
	if (readReadiness(store.healthOf(keyId), 'm', store.now()) !== 'due') continue
	store.startProbe({ keyId, scope: '' })
	tries++
	await store.flush()
}
console.log(String(tries))
database.close()
