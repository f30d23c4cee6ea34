/** A process that writes one row and ends: `node appender.ts <url>`. */
import { openDatabase } from '../index.ts'

const database = await openDatabase({ url: process.argv[2] as string })
await database.batch([
	{ sql: 'CREATE TABLE IF NOT EXISTS appended (text TEXT)' },
	{ sql: 'INSERT INTO appended VALUES (hex(randomblob(3000)))' },
])
database.close()
