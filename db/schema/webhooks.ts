import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who is told of incidents. No part of revisions: an address with its secret should not live on in the history. */
export const webhooks = sqliteTable('webhooks', {
	id: text().primaryKey(),
	name: text().notNull(),
	/** `{url, secret}` as JSON, sealed: addresses of chat services are secrets themselves. */
	sealed: text().notNull(),
	/** Scheme and host, for people. */
	shown: text().notNull(),
	/** JSON list of event names. */
	events: text().notNull(),
	enabled: integer().notNull().default(1),
	created_at: integer().notNull(),
	/** The latest delivery: when it was over, the status of its answer (0: none), why it failed. */
	last_at: integer().notNull().default(0),
	last_status: integer().notNull().default(0),
	last_error: text().notNull().default(''),
})

/** Incidents that were told: of many instances that see one, a single one gets its row. */
export const webhookIncidents = sqliteTable(
	'webhook_incidents',
	{
		event: text().notNull(),
		/** An upstream, a key, or what else the event is about. */
		subject: text().notNull(),
		at: integer().notNull(),
		/** When it counts as another incident, should nobody have said before that it is over. */
		until: integer().notNull(),
	},
	table => [primaryKey({ columns: [table.event, table.subject] })],
)
