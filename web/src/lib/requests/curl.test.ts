import { expect, it } from 'vitest'
import { writeCurl } from './curl.ts'

const payload = {
	contentType: 'application/json',
	truncated: false,
	redacted: false,
	bytes: 2,
	text: '{"a":"it\'s"}',
}

it('writes a command with a variable for the key, and without headers of the connection', () => {
	const command = writeCurl(
		{
			...payload,
			headers: { 'x-api-key': '••••', host: 'x', 'content-length': '9', 'anthropic-version': '2023-06-01' },
		},
		'https://up.example/v1/messages',
	)
	expect(command.split(' \\\n')).toEqual([
		"curl -sS -X POST 'https://up.example/v1/messages'",
		`  -H 'x-api-key: '"$UPSTREAM_KEY"''`,
		"  -H 'anthropic-version: 2023-06-01'",
		`  --data-raw '{"a":"it'\\''s"}'`,
	])
})

it('keeps a key out of the command even where the server forgot', () => {
	const command = writeCurl(
		{
			...payload,
			headers: { Authorization: 'Bearer sk-live-0123456789abcdef' },
			url: 'https://up.example/a?key=AIza0',
		},
		'',
	)
	expect(command).toContain(`'Authorization: Bearer '"$UPSTREAM_KEY"`)
	expect(command).not.toMatch(/sk-live|AIza0/)
})
