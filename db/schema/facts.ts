import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { upstreams } from './config.ts'

/** What upstreams' refusals taught about their models. State: never part of a revision. */
export const learnedFacts = sqliteTable(
	'learned_facts',
	{
		upstream_id: text()
			.notNull()
			.references(() => upstreams.id, { onDelete: 'cascade' }),
		/** As sent upstream. */
		model: text().notNull(),
		kind: text().notNull(),
		/** What tells facts of one kind apart: a field, a keyword; empty where a model has one of the kind. */
		detail: text().notNull().default(''),
		/** JSON: core/config/learned-facts.ts. */
		fact: text().notNull(),
		learned_at: integer().notNull(),
		expires_at: integer().notNull(),
	},
	table => [
		primaryKey({ columns: [table.upstream_id, table.model, table.kind, table.detail] }),
		index('learned_facts_expires_at').on(table.expires_at),
	],
)
