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
