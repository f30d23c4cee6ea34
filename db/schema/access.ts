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
		/** Keyed with the admin key: a session ends with the key that made it. */
		token_hash: text().primaryKey(),
		/** What interfaces call it by: the hash stays here. */
		id: text().notNull().default(''),
		/** Tells the sessions of one admin key from those of another. */
		key_print: text().notNull().default(''),
		created_at: integer().notNull(),
		expires_at: integer().notNull(),
		last_seen_at: integer().notNull(),
		user_agent: text().notNull().default(''),
	},
	table => [index('admin_sessions_expires_at').on(table.expires_at)],
)

/** Wrong admin keys, counted for an address, and for all together (`*`): each further one waits longer. */
export const loginAttempts = sqliteTable('login_attempts', {
	subject: text().primaryKey(),
	failures: integer().notNull(),
	/** Nobody is let in from there before. */
	blocked_until: integer().notNull(),
	/** Of the latest that was judged. */
	at: integer().notNull(),
})
