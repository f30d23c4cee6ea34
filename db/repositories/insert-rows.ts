import type { SqlValue, Statement } from '../sql.ts'

/** Rows of one statement: more are slower to prepare than they save. */
const ROWS = 50

/** Servers refuse a statement with more parameters than this: https://sqlite.org/limits.html#max_variable_number */
const PARAMETERS = 32_766

/**
 * Writes any number of rows as few statements with bound parameters, `before VALUES (?, …), … after`. That costs less
 * than half of what taking rows out of one JSON text does (bench/request-log.ts).
 *
 * @param width values of a row
 */
export function createInsert(
	width: number,
	before: string,
	after: string,
): (rows: readonly (readonly SqlValue[])[]) => Statement[] {
	const most = Math.min(ROWS, Math.floor(PARAMETERS / width))
	const place = `(${Array.from({ length: width }, () => '?').join(',')})`
	const texts = new Map<number, string>()
	const textFor = (count: number) => {
		const known = texts.get(count)
		if (known !== undefined) return known
		const text = `${before} VALUES ${Array.from({ length: count }, () => place).join(',')} ${after}`
		texts.set(count, text)
		return text
	}
	return rows => {
		const statements: Statement[] = []
		for (let from = 0; from < rows.length; from += most) {
			const part = rows.slice(from, from + most)
			statements.push({ sql: textFor(part.length), args: part.flat() })
		}
		return statements
	}
}

/** Rows of a statement that binds each value once. */
const TABLE_ROWS = 100
/** Of fewer rows the longer statement costs more than it saves. */
const FEW_ROWS = 8
/** Texts that are kept: one for each number of rows and set of columns that differ. */
const TEXTS = 200

/**
 * Writes rows in their order. What is the same in all rows of a statement is bound once, since binding and preparing is
 * half of what a row costs: of a busy proxy's requests most have model, upstream, key, outcome in common.
 */
export function createTableInsert(
	table: string,
	names: readonly string[],
	after: string,
): (rows: readonly (readonly SqlValue[])[]) => Statement[] {
	const insertFew = createInsert(names.length, `INSERT INTO ${table} (${names.join(', ')})`, after)
	const texts = new Map<string, string>()
	const textFor = (varying: readonly number[], count: number) => {
		const key = `${count} ${varying}`
		const known = texts.get(key)
		if (known !== undefined) return known
		if (texts.size >= TEXTS) texts.clear()
		const values = names.map((_, column) => {
			const place = varying.indexOf(column)
			return place === -1 ? '?' : `column${place + 1}`
		})
		const row = `(${varying.map(() => '?').join(',')})`
		const rows = Array.from({ length: count }, () => row).join(',')
		// `WHERE` tells the parser that no join follows: https://sqlite.org/lang_upsert.html#parsing_ambiguity
		const text = `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM (VALUES ${rows}) WHERE true ${after}`
		texts.set(key, text)
		return text
	}
	const insertMany = (rows: readonly (readonly SqlValue[])[]): Statement => {
		const first = rows[0] as readonly SqlValue[]
		const varying = names.flatMap((_, column) =>
			rows.some(row => row[column] !== first[column]) ? [column] : [],
		)
		// The values of a row cannot be none.
		if (varying.length === 0) varying.push(0)
		const args: SqlValue[] = first.filter((_, column) => !varying.includes(column))
		for (const row of rows) for (const column of varying) args.push(row[column] as SqlValue)
		return { sql: textFor(varying, rows.length), args }
	}
	return rows => {
		if (rows.length < FEW_ROWS) return insertFew(rows)
		const statements: Statement[] = []
		for (let from = 0; from < rows.length; from += TABLE_ROWS) {
			statements.push(insertMany(rows.slice(from, from + TABLE_ROWS)))
		}
		return statements
	}
}
