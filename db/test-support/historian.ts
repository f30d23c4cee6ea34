/**
 * A process that adds keys, restores revisions and pins them; one called `purger` purges a key as well:
 * `node historian.ts <url> <token> <encryption key> <upstream id> <leaked key id> <name> <rounds>`.
 * Prints what it was told to have done.
 */
import { createConfigRepository, createKeyRing, openDatabase } from '../index.ts'

const [url, authToken, encryptionKey, upstreamId, leakedId, name, rounds] = process.argv.slice(2) as [
	...[string, string, string, string, string, string, string],
]
const database = await openDatabase({ url, authToken })
const repository = createConfigRepository(database, createKeyRing(encryptionKey))
const author = { author: 'cli' } as const
const added: { revision: number; id: string }[] = []
const restored: { revision: number; from: number }[] = []

for (let round = 0; round < Number(rounds); round++) {
	const keys = await repository.addKeys(upstreamId, [`sk-${name}-0123456789-${round}`], author)
	added.push({ revision: keys.revision, id: keys.added[0]!.id })
	if (round % 2 === 1) {
		const from = Math.max(1, keys.revision - 3)
		const { revision } = await repository.restoreRevision(from, author)
		if (revision !== undefined) restored.push({ revision, from })
		await repository.pinRevision(from, round % 4 === 1)
	}
	if (name === 'purger' && round === 2) await repository.purgeKey(leakedId, author)
}
console.log(JSON.stringify({ added, restored }))
database.close()
