import { vi } from 'vitest'

export interface JsonWork {
	parses: number
	/** Characters that were parsed. */
	parsed: number
	writes: number
	/** Characters that were written. */
	written: number
}

/** How much JSON is parsed and written while `run` runs. */
export function countJson(run: () => void): JsonWork {
	const parse = vi.spyOn(JSON, 'parse')
	const write = vi.spyOn(JSON, 'stringify')
	try {
		run()
		return {
			parses: parse.mock.calls.length,
			parsed: parse.mock.calls.reduce((total, [text]) => total + String(text).length, 0),
			writes: write.mock.calls.length,
			written: write.mock.results.reduce((total, { value }) => total + String(value ?? '').length, 0),
		}
	} finally {
		parse.mockRestore()
		write.mockRestore()
	}
}
