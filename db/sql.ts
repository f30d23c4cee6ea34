/** What a statement takes and gives. Rows are plain objects; blobs are not used. */
export type SqlValue = string | number | bigint | null
export type Row = Record<string, SqlValue>

export interface Statement {
	sql: string
	args?: readonly SqlValue[]
}

/** The database's clock in epoch ms: no instance's own clock is ever stored. Needs SQLite 3.42. */
export const NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
