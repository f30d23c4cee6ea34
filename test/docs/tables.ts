/** The rows of all tables under each heading of a Markdown text, as lists of cells; table heads are left out. */
export function readTables(markdown: string): ReadonlyMap<string, readonly string[][]> {
	const sections = new Map<string, string[][]>()
	let rows: string[][] = []
	let previous = ''
	for (const line of markdown.split('\n')) {
		const heading = /^#{1,6} (.+)$/.exec(line)?.[1]
		if (heading !== undefined) {
			rows = []
			sections.set(heading, rows)
		}
		const row = line.trim()
		// The head is the row before the rule; the rule is no row.
		if (/^\|[-| ]+\|$/.test(row)) rows.pop()
		else if (row.startsWith('|')) rows.push(readCells(row))
		else if (previous.startsWith('|') && row !== '' && heading === undefined) {
			throw new Error(`a table needs an empty line after it: ${row.slice(0, 60)}`)
		}
		previous = row
	}
	return sections
}

function readCells(row: string): string[] {
	return row
		.replace(/^\||\|$/g, '')
		.split(/(?<!\\)\|/)
		.map(cell => cell.trim())
}

/** What stands in backticks. */
export function readCodes(text: string): string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(match => match[1] as string)
}

/** The fields that a table's first column names: "`tool_use`: `id`, `name`", or "`model`" for the top of a request. */
export function readNamedFields(rows: readonly (readonly string[])[]): Map<string, Set<string>> {
	const named = new Map<string, Set<string>>()
	for (const [cell = ''] of rows) {
		const [before = '', after] = cell.split(/:(?=[^`]*(?:`[^`]*`[^`]*)*$)/)
		const kinds = after === undefined ? ['request'] : readCodes(before)
		for (const kind of kinds) {
			const fields = named.get(kind) ?? new Set()
			named.set(kind, fields)
			for (const field of readCodes(after ?? before)) fields.add(field)
		}
	}
	return named
}
