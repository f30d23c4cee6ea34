import type Sqlite from 'libsql'
import * as hrana from './protocol.ts'
import type { WriteLock } from './write-lock.ts'

const WRITES =
	/^\s*(insert|update|delete|replace|create|drop|alter|reindex|vacuum|with\b|begin\s+(immediate|exclusive))/i
const CHANGES = /^\s*(insert|update|delete|replace|create|drop|alter)/i

export interface StreamHooks {
	lock: WriteLock<SqlStream>
	transactionMs: number
	/** Asked before each statement: hosted databases block writes when a quota is used up. */
	writesBlocked(): boolean
	countStatement(): void
	/** Rows that a statement has changed, index entries not counted. */
	countChanges(rows: number): void
	/** Asked before each statement whether its reads are wanted. */
	countsReads(): boolean
	/** Rows that a statement has given back or scanned. */
	countReads(rows: number): void
}

/** One connection with the state that a client's baton stands for. */
export class SqlStream {
	readonly #connection: Sqlite.Database
	readonly #hooks: StreamHooks
	readonly #texts = new Map<number, string>()
	#transactionTimer: NodeJS.Timeout | undefined
	#expired = false
	/** The native module leaves a statement that met a lock unfinished: such a connection is not used again. */
	#poisoned = false

	constructor(connection: Sqlite.Database, hooks: StreamHooks) {
		this.#connection = connection
		this.#hooks = hooks
	}

	async handle(request: hrana.HranaRequest): Promise<Record<string, unknown>> {
		switch (request.type) {
			case 'execute':
				return { type: 'execute', result: await this.#execute(request.stmt) }
			case 'batch':
				return { type: 'batch', result: await this.#batch(request.batch) }
			case 'sequence':
				await this.#sequence(this.#textOf(request))
				return { type: 'sequence' }
			case 'describe':
				return { type: 'describe', result: this.#describe(this.#textOf(request)) }
			case 'store_sql':
				this.#texts.set(request.sql_id, request.sql)
				return { type: 'store_sql' }
			case 'close_sql':
				this.#texts.delete(request.sql_id)
				return { type: 'close_sql' }
			case 'get_autocommit':
				return { type: 'get_autocommit', is_autocommit: !this.#connection.inTransaction }
			case 'close':
				return { type: 'close' }
		}
	}

	/** Undoes an open transaction; returns the connection when it may serve another stream. */
	release(): Sqlite.Database | undefined {
		clearTimeout(this.#transactionTimer)
		try {
			if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
		} catch {
			this.#poisoned = true
		}
		this.#hooks.lock.release(this)
		if (!this.#poisoned) return this.#connection
		this.#connection.close()
		return undefined
	}

	async #execute(statement: hrana.HranaStatement): Promise<hrana.HranaResult> {
		this.#hooks.countStatement()
		const sql = this.#textOf(statement)
		if (this.#hooks.writesBlocked() && CHANGES.test(sql)) {
			throw new hrana.HranaError('Writes are blocked: operation was blocked', 'BLOCKED')
		}
		if (holdsSeveral(sql)) {
			throw new hrana.HranaError('SQL string contains more than one statement', 'SQL_MANY_STATEMENTS')
		}
		const result = await this.#locked(sql, () => this.#run(sql, statement))
		this.#hooks.countChanges(result.affected_row_count)
		return result
	}

	#run(sql: string, statement: hrana.HranaStatement): hrana.HranaResult {
		if (!this.#hooks.countsReads()) return run(this.#connection, sql, statement)
		const before = countScanned(this.#connection)
		const result = run(this.#connection, sql, statement)
		this.#hooks.countReads(Math.max(result.rows.length, countScanned(this.#connection) - before))
		return result
	}

	async #sequence(sql: string): Promise<void> {
		await this.#locked(`begin immediate; ${sql}`, () => {
			this.#connection.exec(sql)
		})
	}

	async #locked<T>(sql: string, work: () => T): Promise<T> {
		if (WRITES.test(sql)) await this.#hooks.lock.acquire(this)
		try {
			if (this.#expired) throw new hrana.HranaError('transaction timed out', 'TRANSACTION_TIMEOUT')
			return work()
		} catch (error) {
			const failure = hrana.toHranaError(error)
			if (failure.code === 'SQLITE_BUSY') this.#poisoned = true
			throw failure
		} finally {
			this.#watchTransaction()
		}
	}

	#watchTransaction(): void {
		if (this.#connection.inTransaction) {
			this.#transactionTimer ??= setTimeout(() => this.#expire(), this.#hooks.transactionMs)
			return
		}
		clearTimeout(this.#transactionTimer)
		this.#transactionTimer = undefined
		this.#hooks.lock.release(this)
	}

	#expire(): void {
		this.#expired = true
		if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
		this.#hooks.lock.release(this)
	}

	async #batch(batch: hrana.HranaBatch): Promise<hrana.HranaBatchResult> {
		const results: hrana.HranaBatchResult = { step_results: [], step_errors: [] }
		for (const [index, step] of batch.steps.entries()) {
			results.step_results[index] = null
			results.step_errors[index] = null
			if (step.condition && !this.#holds(step.condition, results)) continue
			try {
				results.step_results[index] = await this.#execute(step.stmt)
			} catch (error) {
				const { message, code } = hrana.toHranaError(error)
				results.step_errors[index] = { message, code }
			}
		}
		return results
	}

	#holds(condition: hrana.HranaCondition, results: hrana.HranaBatchResult): boolean {
		switch (condition.type) {
			case 'ok':
				return results.step_results[condition.step] != null
			case 'error':
				return results.step_errors[condition.step] != null
			case 'not':
				return !this.#holds(condition.cond, results)
			case 'and':
				return condition.conds.every(inner => this.#holds(inner, results))
			case 'or':
				return condition.conds.some(inner => this.#holds(inner, results))
			case 'is_autocommit':
				return !this.#connection.inTransaction
		}
	}

	#describe(sql: string): Record<string, unknown> {
		const prepared = this.#connection.prepare(sql)
		const columns = prepared.reader ? prepared.columns() : []
		return {
			params: [],
			cols: columns.map(column => ({ name: column.name, decltype: column.type })),
			is_explain: /^\s*explain/i.test(sql),
			is_readonly: prepared.reader,
		}
	}

	#textOf(source: { sql?: string | null; sql_id?: number | null }): string {
		const text = source.sql ?? this.#texts.get(source.sql_id ?? -1)
		if (text === undefined) {
			throw new hrana.HranaError(`SQL text ${source.sql_id} not found`, 'SQL_NOT_FOUND')
		}
		return text
	}
}

/** Steps of scans, of all statements of the connection together. Source: https://www.sqlite.org/stmt.html */
function countScanned(connection: Sqlite.Database): number {
	const [row] = connection.prepare('SELECT sum(nscan) AS steps FROM sqlite_stmt').all() as [{ steps: number }]
	return row.steps
}

function run(connection: Sqlite.Database, sql: string, statement: hrana.HranaStatement): hrana.HranaResult {
	const prepared = connection.prepare(sql).safeIntegers(true)
	const bound = bindings(statement)
	if (!prepared.reader) {
		const info = prepared.run(...bound)
		return {
			...{ cols: [], rows: [], affected_row_count: Number(info.changes) },
			last_insert_rowid: String(info.lastInsertRowid),
		}
	}
	const cols = prepared.columns().map(column => ({ name: column.name, decltype: column.type }))
	// Always stepped to the end: a statement left in progress would make a later COMMIT fail.
	const rows = prepared.raw(true).all(...bound) as unknown[][]
	return {
		cols,
		rows: statement.want_rows === false ? [] : rows.map(row => row.map(hrana.encodeValue)),
		affected_row_count: CHANGES.test(sql) ? rows.length : 0,
		last_insert_rowid: null,
	}
}

function bindings(statement: hrana.HranaStatement): unknown[] {
	if (statement.named_args?.length) {
		const named = statement.named_args.map(({ name, value }) => [
			name.replace(/^[:@$]/, ''),
			hrana.decodeValue(value),
		])
		return [Object.fromEntries(named)]
	}
	const values = (statement.args ?? []).map(hrana.decodeValue)
	return values.length === 0 ? [] : [values]
}

/** The native module silently ignores what follows a first statement; servers refuse it. */
function holdsSeveral(sql: string): boolean {
	const bare = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g, '')
	return /;\s*\S/.test(bare)
}
