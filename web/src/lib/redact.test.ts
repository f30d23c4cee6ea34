import { expect, it } from 'vitest'
import { redactSecrets } from './redact.ts'

it('hides keys in headers and URLs, at any depth, and nothing else', () => {
	const recorded = {
		headers: { Authorization: 'Bearer sk-secret', 'X-Api-Key': 'sk-secret', accept: 'text/plain' },
		attempts: [{ url: 'https://host/v1?key=sk-secret&alt=sse' }],
		tokens: 12,
	}
	const shown = redactSecrets(recorded)
	expect(JSON.stringify(shown)).not.toContain('sk-secret')
	expect(shown).toMatchObject({
		headers: { accept: 'text/plain' },
		attempts: [{ url: 'https://host/v1?key=••••&alt=sse' }],
		tokens: 12,
	})
})
