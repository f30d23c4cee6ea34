import { expect, test } from 'vitest'
import { createSecretScrubber } from './log-secrets.ts'

const key = 'sk-test-key-0123456789'

test.each([
	['alone', key],
	['on a line of its own in JSON', JSON.stringify(`keep\n${key}\nsafe`)],
	['in JSON within JSON', JSON.stringify(JSON.stringify(`keep\n${key}`))],
	['behind a control character', JSON.stringify(`\u001b${key}`)],
])('a key is masked: %s', (_name, line) => {
	const scrubber = createSecretScrubber()
	scrubber.watch({ version: () => 1, list: () => [key] })
	expect(scrubber.scrub(line)).toBe(line.replace(key, 'sk-…6789'))
})
