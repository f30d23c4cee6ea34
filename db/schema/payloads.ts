import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Bodies of requests and answers where they are recorded: without secrets, compressed, and sealed like keys. */
export const payloads = sqliteTable(
	'payloads',
	{
		request_id: text().primaryKey(),
		/** When it was written. */
		at: integer().notNull(),
		/** Length of `sealed`. */
		bytes: integer().notNull(),
		sealed: text().notNull(),
	},
	// With the size in it, adding up reads no bodies.
	table => [index('payloads_at').on(table.at, table.bytes)],
)
