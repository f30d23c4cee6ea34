import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Each delta's own bytes, as they come in and go out, are about 600 of these. */
const mostBytesPerDelta = { openai: 1600, gemini: 1800, responses: 2200, claude: 900 }

test.each(Object.entries(mostBytesPerDelta))(
	'a delta of a stream from %s allocates at most %i bytes',
	async (type, most) => {
		const program = fileURLToPath(new URL('./allocation-program.ts', import.meta.url))
		// A young generation that is never full: nothing is collected while it is measured.
		const flags = [
			'--expose-gc',
			'--max-semi-space-size=256',
			'--min-semi-space-size=256',
			'--single-threaded-gc',
		]
		const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, type])
		const bytes = Number(stdout)
		expect(bytes).toBeGreaterThan(50)
		expect(bytes).toBeLessThanOrEqual(most)
	},
)
