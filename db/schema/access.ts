import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Who may come in. Only hashes: neither an access key nor a session can be read back. */
export const accessKeys = sqliteTable(
	'access_keys',
	{
		id: text().primaryKey(),
		name: text().notNull(),
		hash: text().notNull(),
		mask: text().notNull(),
		enabled: integer().notNull().default(1),
		created_at: integer().notNull(),
		expires_at: integer(),
		last_used_at: integer(),
	},
	table => [uniqueIndex('access_keys_hash').on(table.hash)],
)

export const adminSessions = sqliteTable(
	'admin_sessions',
	{
		token_hash: text().primaryKey(),
		created_at: integer().notNull(),
		expires_at: integer().notNull(),
		last_seen_at: integer().notNull(),
		user_agent: text().notNull().default(''),
	},
	table => [index('admin_sessions_expires_at').on(table.expires_at)],
)
