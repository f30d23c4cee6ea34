import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What happened to each request. No bodies, no keys; upstreams and keys may be gone when a row is read. */
export const requests = sqliteTable(
	'requests',
	{
		id: text().primaryKey(),
		at: integer().notNull(),
		upstream_id: text(),
		upstream_name: text(),
		key_id: text(),
		key_mask: text(),
		access_key_id: text(),
		model: text().notNull(),
		upstream_model: text().notNull(),
		stream: integer().notNull(),
		status: integer().notNull(),
		outcome: text().notNull(),
		error_message: text().notNull().default(''),
		stop_reason: text(),
		/** Token counts are NULL when the upstream told none. */
		input_tokens: integer(),
		output_tokens: integer(),
		cache_read_tokens: integer(),
		cache_write_tokens: integer(),
		reasoning_tokens: integer(),
		web_searches: integer(),
		first_content_ms: integer(),
		total_ms: integer().notNull(),
		attempt_count: integer().notNull(),
		/** JSON arrays. */
		attempts: text().notNull().default('[]'),
		notes: text().notNull().default('[]'),
		user_agent: text().notNull().default(''),
		session_id: text().notNull().default(''),
	},
	table => [index('requests_at').on(table.at)],
)

export const usageHourly = sqliteTable(
	'usage_hourly',
	{
		/** Hours since the epoch. */
		hour: integer().notNull(),
		upstream_id: text().notNull(),
		key_id: text().notNull(),
		model: text().notNull(),
		requests: integer().notNull().default(0),
		errors: integer().notNull().default(0),
		cancelled: integer().notNull().default(0),
		input_tokens: integer().notNull().default(0),
		output_tokens: integer().notNull().default(0),
		cache_read_tokens: integer().notNull().default(0),
		cache_write_tokens: integer().notNull().default(0),
		reasoning_tokens: integer().notNull().default(0),
		total_ms: integer().notNull().default(0),
	},
	table => [primaryKey({ columns: [table.hour, table.upstream_id, table.key_id, table.model] })],
)
