/**
 * Hrana over HTTP, version 2, JSON: what a hosted libSQL database speaks.
 * Source: https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md
 */
export type HranaValue =
	| { type: 'null' }
	| { type: 'integer'; value: string }
	| { type: 'float'; value: number }
	| { type: 'text'; value: string }
	| { type: 'blob'; base64: string }

export interface HranaStatement {
	sql?: string | null
	sql_id?: number | null
	args?: HranaValue[]
	named_args?: { name: string; value: HranaValue }[]
	want_rows?: boolean
}

export interface HranaResult {
	cols: { name: string; decltype: string | null }[]
	rows: HranaValue[][]
	affected_row_count: number
	last_insert_rowid: string | null
}

export type HranaCondition =
	| { type: 'ok' | 'error'; step: number }
	| { type: 'not'; cond: HranaCondition }
	| { type: 'and' | 'or'; conds: HranaCondition[] }
	| { type: 'is_autocommit' }

export interface HranaBatch {
	steps: { condition?: HranaCondition | null; stmt: HranaStatement }[]
}

export interface HranaBatchResult {
	step_results: (HranaResult | null)[]
	step_errors: ({ message: string; code: string } | null)[]
}

export type HranaRequest =
	| { type: 'execute'; stmt: HranaStatement }
	| { type: 'batch'; batch: HranaBatch }
	| { type: 'sequence' | 'describe'; sql?: string | null; sql_id?: number | null }
	| { type: 'store_sql'; sql_id: number; sql: string }
	| { type: 'close_sql'; sql_id: number }
	| { type: 'get_autocommit' | 'close' }

export interface PipelineBody {
	baton?: string | null
	requests: HranaRequest[]
}

export class HranaError extends Error {
	override readonly name = 'HranaError'
	readonly code: string
	constructor(message: string, code: string) {
		super(message)
		this.code = code
	}
}

export function decodeValue(value: HranaValue): null | bigint | number | string | Buffer {
	switch (value.type) {
		case 'null':
			return null
		case 'integer':
			return BigInt(value.value)
		case 'float':
		case 'text':
			return value.value
		case 'blob':
			return Buffer.from(value.base64, 'base64')
	}
}

export function encodeValue(value: unknown): HranaValue {
	if (value === null || value === undefined) return { type: 'null' }
	if (typeof value === 'bigint') return { type: 'integer', value: value.toString() }
	if (typeof value === 'number') return { type: 'float', value }
	if (typeof value === 'string') return { type: 'text', value }
	if (value instanceof Uint8Array) return { type: 'blob', base64: Buffer.from(value).toString('base64') }
	throw new HranaError(`a value of type ${typeof value} came out of the database`, 'INTERNAL')
}

/** Servers tell the base code only: SQLITE_CONSTRAINT, not SQLITE_CONSTRAINT_UNIQUE. */
export function toHranaError(error: unknown): HranaError {
	if (error instanceof HranaError) return error
	const code = error instanceof Error && 'code' in error ? String(error.code) : ''
	const message = error instanceof Error ? error.message : String(error)
	return new HranaError(`SQLite error: ${message}`, /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? 'SQLITE_UNKNOWN')
}
