import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * Configuration: what people change. Every change of these tables makes a revision.
 * Columns are named as in SQL, so that `$inferSelect` is the shape of a raw row.
 */
export const meta = sqliteTable('meta', {
	/** Always 1: the table has one row. */
	id: integer().primaryKey(),
	/** Number of human changes. */
	revision: integer().notNull().default(0),
	/** Rises with automatic changes of order, which make no revision. */
	state_version: integer().notNull().default(0),
})

export const settings = sqliteTable('settings', {
	key: text().primaryKey(),
	/** JSON. */
	value: text().notNull(),
})

export const upstreams = sqliteTable(
	'upstreams',
	{
		id: text().primaryKey(),
		name: text().notNull(),
		/** The name in lower case: `Kimi` and `kimi` cannot both exist. */
		name_key: text().notNull(),
		type: text().notNull(),
		base_url: text().notNull(),
		description: text().notNull().default(''),
		website: text().notNull().default(''),
		insecure_skip_verify: integer().notNull().default(0),
		/** JSON object; the order of its members counts. */
		model_map: text().notNull().default('{}'),
		/** JSON object. */
		extra_headers: text().notNull().default('{}'),
		proxy_url: text().notNull().default(''),
		auth_style: text().notNull().default('auto'),
		timeout_ms: integer().notNull().default(0),
		max_concurrent: integer().notNull().default(0),
		key_concurrent: integer().notNull().default(0),
		first_content_ms: integer().notNull().default(0),
		enabled: integer().notNull().default(1),
		position: integer().notNull(),
		created_at: integer().notNull(),
	},
	table => [uniqueIndex('upstreams_name_key').on(table.name_key)],
)

export const upstreamKeys = sqliteTable(
	'upstream_keys',
	{
		id: text().primaryKey(),
		upstream_id: text()
			.notNull()
			.references(() => upstreams.id, { onDelete: 'cascade' }),
		/** Sealed: see secrets/key-ring.ts. */
		secret: text().notNull(),
		/** Recognises the same key without opening it. */
		fingerprint: text().notNull(),
		mask: text().notNull(),
		enabled: integer().notNull().default(1),
		/** Not unique: a reorder would trip over itself row by row. Order is by position, then id. */
		position: integer().notNull(),
		created_at: integer().notNull(),
	},
	table => [
		index('upstream_keys_order').on(table.upstream_id, table.position),
		uniqueIndex('upstream_keys_once').on(table.upstream_id, table.fingerprint),
	],
)

export const revisions = sqliteTable(
	'revisions',
	{
		revision: integer().primaryKey(),
		/** NULL here aborts a change that was based on another revision: the compare-and-set. */
		parent: integer().notNull(),
		at: integer().notNull(),
		author: text().notNull(),
		message: text().notNull(),
		/** Tells after a lost answer whether the change landed. */
		edit_id: text().notNull(),
		restored_from: integer(),
		pinned: integer().notNull().default(0),
		/** JSON: list of changes. */
		diff: text().notNull(),
		/** JSON: the whole configuration after the change, keys sealed. */
		snapshot: text().notNull(),
	},
	table => [uniqueIndex('revisions_edit_id').on(table.edit_id)],
)
