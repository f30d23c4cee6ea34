import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

/** The command lines of the original system's documentation, word for word but for the program's name. */
let folder: CliFolder
beforeAll(() => {
	folder = createCliFolder()
})
afterAll(() => folder.remove())

async function config(line: string) {
	const ended = await folder.run(...line.split(/\s+/))
	expect({ line, ...ended }).toMatchObject({ code: 0 })
	return ended.stdout
}

describe("every command form of the original's documentation", () => {
	test('adds upstreams with the type before the URL', async () => {
		await config('add openai-api openai https://api.openai.com/v1')
		await config('add gemini-api gemini https://generativelanguage.googleapis.com/v1beta')
		await config('add claude-api claude https://api.anthropic.com/v1')
		expect(await config('list')).toMatch(
			/openai-api \(current\) +openai +0 .*gemini-api +gemini +0 .*claude-api +claude +0 /s,
		)
	})

	test('adds upstreams with the URL before the type', async () => {
		await config('add openai-main https://api.openai.com openai')
		await config('add gemini-main https://generativelanguage.googleapis.com/v1beta gemini')
		await config('add claude-main https://api.anthropic.com/v1 claude')
		const { upstreams } = await folder.data('list')
		expect(upstreams.slice(3)).toMatchObject([
			{ name: 'openai-main', type: 'openai', baseUrl: 'https://api.openai.com' },
			{ name: 'gemini-main', type: 'gemini', baseUrl: 'https://generativelanguage.googleapis.com/v1beta' },
			{ name: 'claude-main', type: 'claude', baseUrl: 'https://api.anthropic.com/v1' },
		])
	})

	test('adds keys one by one and several at once, by name and by number', async () => {
		await config('key openai-api add sk-1234567890abcdef')
		await config('key openai-api add sk-0987654321fedcba')
		await config('key openai-main add sk-proj-abc123def456... sk-proj-xyz789uvw456...')
		await config('key 1 add AIzaSyC1234567890abcdef...')
		await config('key claude-main add sk-ant-your-api-key...')
		const { upstreams } = await folder.data('list')
		expect(upstreams.map(({ keys }) => keys.length)).toEqual([2, 1, 0, 2, 0, 1])
	})

	test('lists keys masked', async () => {
		const shown = await config('key openai-api list')
		expect(shown).toContain('sk-…cdef')
		expect(shown).toContain('sk-…dcba')
		expect(shown).not.toMatch(/1234567890|0987654321/)
	})

	test('chooses the current upstream by name and by number', async () => {
		await config('use gemini-main')
		expect(await config('show')).toContain('gemini-main (current)')
		await config('use 0')
		expect(await config('show')).toContain('openai-api (current)')
	})

	test('sets the strategy, and skips TLS verification', async () => {
		await config('balance round-robin')
		await config('update openai-main --insecureSkipVerify true')
		expect(await folder.data('show', 'openai-main')).toMatchObject({ insecureSkipVerify: true })
		await config('update 3 --insecureSkipVerify false')
		expect(await folder.data('show', 'openai-main')).toMatchObject({ insecureSkipVerify: false })
		expect(await config('show')).toMatch(/^strategy +round-robin\n/)
	})

	test('adds with description, website and insecureSkipVerify', async () => {
		await config(
			'add described openaiold https://old.example --description text --website https://web.example --insecureSkipVerify true',
		)
		expect(await folder.data('show', 'described')).toMatchObject({
			type: 'openaiold',
			description: 'text',
			website: 'https://web.example',
			insecureSkipVerify: true,
		})
	})

	test('removes keys and upstreams without asking where no one could answer', async () => {
		await config('key openai-api remove sk-0987654321fedcba')
		await config('remove claude-main')
		await config('remove 0')
		const { upstreams } = await folder.data('list')
		expect(upstreams.map(({ name }) => name)).toEqual([
			'gemini-api',
			'claude-api',
			'openai-main',
			'gemini-main',
			'described',
		])
	})

	test('helps, also under the name that the original script had', async () => {
		expect(await config('--help')).toContain('balance')
		expect(await config('config help')).toContain('balance')
		expect(await config('config show')).toContain('gemini-api')
	})
})
