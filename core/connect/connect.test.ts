import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { editClaudeSettings, readClaudeTarget } from './claude-settings.ts'
import { listVariables } from './connection.ts'
import { connectFormats, writeSnippet } from './snippets.ts'

const connection = { baseUrl: 'http://127.0.0.1:3000', accessKey: 'cp-0123456789abcdefghij' }
/** What breaks a shell line that is not quoted. */
const awkward = { baseUrl: 'http://127.0.0.1:3000', accessKey: `it's a "key" $HOME \`id\` \\ 100%` }

describe('variables', () => {
	test('have a base URL without /v1, which clients add', () => {
		for (const baseUrl of ['http://h:1/v1', 'http://h:1/v1/', 'http://h:1/', 'http://h:1']) {
			expect(listVariables({ ...connection, baseUrl }).ANTHROPIC_BASE_URL).toBe('http://h:1')
		}
	})

	test('name models and silence only when asked to', () => {
		expect(Object.keys(listVariables(connection))).toEqual(['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'])
		const models = { opus: 'big', haiku: 'small', 'claude-x': 'other' }
		expect(listVariables({ ...connection, models, quiet: true })).toMatchObject({
			ANTHROPIC_DEFAULT_OPUS_MODEL: 'big',
			ANTHROPIC_DEFAULT_HAIKU_MODEL: 'small',
			DISABLE_TELEMETRY: '1',
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
		})
	})
})

describe('snippets', () => {
	test.each(connectFormats)('%s holds the address and the key', format => {
		const text = writeSnippet(format, connection)
		expect(text).toContain('http://127.0.0.1:3000')
		expect(text).toContain(connection.accessKey)
	})

	test('shell lines give a shell the very values, whatever is in them', () => {
		const script = `${writeSnippet('env', awkward)}\nprintf %s "$ANTHROPIC_AUTH_TOKEN"`
		expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(awkward.accessKey)
	})

	test('curl sends the key as one header', () => {
		const script = writeSnippet('curl', awkward).replace(/^curl/, 'printf "%s\\n"')
		const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n')
		expect(words).toContain(`x-api-key: ${awkward.accessKey}`)
	})

	test('fish and PowerShell escape what their quotes do not take', () => {
		expect(writeSnippet('fish', awkward)).toContain(`'it\\'s a "key" $HOME \`id\` \\\\ 100%'`)
		expect(writeSnippet('powershell', awkward)).toContain(`'it''s a "key" $HOME \`id\` \\ 100%'`)
	})

	test('settings and JSON can be parsed', () => {
		expect(JSON.parse(writeSnippet('claude-code', awkward)).env.ANTHROPIC_AUTH_TOKEN).toBe(awkward.accessKey)
		expect(JSON.parse(writeSnippet('json', awkward)).ANTHROPIC_AUTH_TOKEN).toBe(awkward.accessKey)
	})
})

describe("Claude Code's settings", () => {
	const edit = (text: string | undefined) => {
		const result = editClaudeSettings(text, connection)
		if (!result.ok) throw new Error(result.problem)
		return result.edit
	}

	test('begin with the connection where there is no file', () => {
		expect(JSON.parse(edit(undefined).text)).toEqual({ env: listVariables(connection) })
	})

	test('keep everything else, order and indentation', () => {
		const before = '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t},\n\t"hooks": {}\n}\n'
		const { text } = edit(before)
		expect(Object.keys(JSON.parse(text))).toEqual(['model', 'env', 'hooks'])
		expect(text).toContain('\n\t\t"A": "1",\n\t\t"ANTHROPIC_BASE_URL"')
		expect(text.endsWith('}\n')).toBe(true)
	})

	test('are left alone once they say it', () => {
		const { text } = edit('{"env":{"B":"2"}}')
		expect(edit(text)).toEqual({ text, diff: [] })
	})

	test('show keys by their masks only', () => {
		const { diff } = edit('{"env":{"ANTHROPIC_AUTH_TOKEN":"sk-ant-oldoldoldoldold1234"}}')
		expect(diff).toEqual([
			'+ "ANTHROPIC_BASE_URL": "http://127.0.0.1:3000"',
			'- "ANTHROPIC_AUTH_TOKEN": "sk-ant-…1234"',
			'+ "ANTHROPIC_AUTH_TOKEN": "cp-0…ghij"',
		])
	})

	test('blank a key of Anthropic, which would win over the token', () => {
		expect(JSON.parse(edit('{"env":{"ANTHROPIC_API_KEY":"sk-ant-x"}}').text).env.ANTHROPIC_API_KEY).toBe('')
	})

	test.each(['not json', '[]', '{"env": 3}', '{ "a": 1, // comment\n }'])('refuse %j', text => {
		expect(editClaudeSettings(text, connection)).toMatchObject({ ok: false })
	})

	test('tell where requests go', () => {
		expect(readClaudeTarget(edit(undefined).text)).toEqual({
			baseUrl: connection.baseUrl,
			token: connection.accessKey,
		})
		expect(readClaudeTarget('broken')).toBeUndefined()
	})
})
