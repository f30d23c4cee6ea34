/** A process that rotates slowly, until it is killed: `node rotator.ts <url> <token> <encryption key>`. */
import { setTimeout as pause } from 'node:timers/promises'
import { createKeyRing, type Database, openDatabase, rotateKeys } from '../index.ts'

const [url, authToken, encryptionKey] = process.argv.slice(2) as [string, string, string]
const database = await openDatabase({ url, authToken })
const slow: Database = {
	...database,
	async batch(statements) {
		const answers = await database.batch(statements)
		console.log('written')
		await pause(200)
		return answers
	},
}
const report = await rotateKeys(slow, createKeyRing(encryptionKey))
console.log(JSON.stringify(report))
database.close()
