import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { upstreamKeys } from './config.ts'

/** State: what the proxy itself learns and counts. Never part of a revision. */
export const keyStates = sqliteTable(
	'key_states',
	{
		key_id: text()
			.notNull()
			.references(() => upstreamKeys.id, { onDelete: 'cascade' }),
		/** Empty: the whole key. Else the model whose rate limit was met. */
		scope: text().notNull().default(''),
		cooldown_until: integer().notNull().default(0),
		/** Incidents in a row. */
		streak: integer().notNull().default(0),
		fail_total: integer().notNull().default(0),
		/** When the latest incident began. */
		incident_at: integer().notNull().default(0),
		last_fail_at: integer().notNull().default(0),
		last_ok_at: integer().notNull().default(0),
		last_error: text().notNull().default(''),
		last_status: integer().notNull().default(0),
		last_class: text().notNull().default(''),
		/** One instance tries a key whose cooldown ended; the others wait until then. */
		probe_until: integer().notNull().default(0),
		/** When a person last cleared it: failures of requests that began before then say nothing new. */
		cleared_at: integer().notNull().default(0),
	},
	table => [primaryKey({ columns: [table.key_id, table.scope] })],
)

export const keyEvents = sqliteTable(
	'key_events',
	{
		key_id: text()
			.notNull()
			.references(() => upstreamKeys.id, { onDelete: 'cascade' }),
		/** For failures, when their incident began: one row per incident. */
		at: integer().notNull(),
		/** failed, probe, recovered, cleared (by hand), demoted, promoted */
		kind: text().notNull(),
		scope: text().notNull().default(''),
		/** Failures within the incident. */
		count: integer().notNull().default(1),
		class: text().notNull().default(''),
		status: integer().notNull().default(0),
		message: text().notNull().default(''),
		cooldown_until: integer().notNull().default(0),
		/** Who did it by hand: web, cli; empty for what happens by itself. */
		author: text().notNull().default(''),
		/** For demotions and the undoing of one: where the key stood before. */
		from_position: integer(),
	},
	table => [primaryKey({ columns: [table.key_id, table.at, table.kind, table.scope] })],
)

export const counters = sqliteTable('counters', {
	name: text().primaryKey(),
	value: integer().notNull().default(0),
})

/** Identifies a batch that was written, so that repeating it after a lost answer changes nothing. */
export const flushes = sqliteTable('flushes', { id: text().primaryKey(), at: integer().notNull() }, table => [
	index('flushes_at').on(table.at),
])

/** Counts per window: rate limits and throttled logins, shared by all instances. */
export const rateWindows = sqliteTable(
	'rate_windows',
	{
		bucket: text().notNull(),
		/** Start of the window, ms. */
		window: integer().notNull(),
		count: integer().notNull().default(0),
	},
	table => [
		primaryKey({ columns: [table.bucket, table.window] }),
		index('rate_windows_window').on(table.window),
	],
)
