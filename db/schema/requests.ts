import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** What happened to each request. No bodies, no keys; upstreams and keys may be gone when a row is read. */
export const requestLog = sqliteTable(
	'request_log',
	{
		/** In the order of writing: who reads along goes by it. */
		seq: integer().primaryKey(),
		id: text().notNull(),
		at: integer().notNull(),
		upstream_id: text(),
		key_id: text(),
		/** As the client asked, and as sent upstream. */
		model: text().notNull(),
		upstream_model: text().notNull(),
		/** ok, cancelled, refused, or the class of the failure. */
		outcome: text().notNull(),
		status: integer().notNull(),
		stream: integer().notNull(),
		total_ms: integer().notNull(),
		/** How many of each; they are in the details. */
		attempts: integer().notNull(),
		notes: integer().notNull(),
		/** JSON: all that nobody filters by. See request-details.ts. */
		details: text().notNull(),
	},
	table => [
		uniqueIndex('request_log_id').on(table.id),
		index('request_log_at').on(table.at),
		index('request_log_key').on(table.key_id, table.at),
	],
)

/**
 * Requests, tokens and times added up: the same rows for minutes, quarters of an hour, hours and days, each kept as
 * long as somebody looks at times so short.
 */
export const usage = sqliteTable(
	'usage',
	{
		/** Length of the time added up, in minutes: 1, 15, 60, 1440. */
		grain: integer().notNull(),
		/** Its start, epoch ms. */
		start: integer().notNull(),
		/** Empty where there was none. */
		upstream_id: text().notNull(),
		key_id: text().notNull(),
		model: text().notNull(),
		upstream_model: text().notNull(),
		access_key_id: text().notNull(),
		/** As they were called last: upstreams and keys may be gone. */
		upstream_name: text().notNull(),
		key_mask: text().notNull(),
		requests: integer().notNull(),
		failed: integer().notNull(),
		cancelled: integer().notNull(),
		input_tokens: integer().notNull(),
		output_tokens: integer().notNull(),
		cache_read_tokens: integer().notNull(),
		cache_write_tokens: integer().notNull(),
		reasoning_tokens: integer().notNull(),
		/** Failures by class, and sketches of two durations, all as counts: `"auth":2,"server":1,` (core/usage/sketch.ts). */
		errors: text().notNull(),
		first_content: text().notNull(),
		total: text().notNull(),
	},
	table => [
		primaryKey({
			columns: [
				table.grain,
				table.start,
				table.upstream_id,
				table.key_id,
				table.model,
				table.upstream_model,
				table.access_key_id,
			],
		}),
	],
)
