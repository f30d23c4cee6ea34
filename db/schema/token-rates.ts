import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { upstreams } from './config.ts'

/** How models count tokens, compared with our estimate. State: never part of a revision. */
export const tokenRates = sqliteTable(
	'token_rates',
	{
		upstream_id: text()
			.notNull()
			.references(() => upstreams.id, { onDelete: 'cascade' }),
		/** As sent upstream. */
		model: text().notNull(),
		/** Tokens per estimated token. */
		factor: real().notNull(),
		/** Answers it was learnt from. */
		samples: integer().notNull(),
		updated_at: integer().notNull(),
	},
	table => [primaryKey({ columns: [table.upstream_id, table.model] })],
)
