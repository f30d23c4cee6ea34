import { describe, expect, test } from 'vitest'
import * as fc from '../../test/support/fast-check.ts'
import { keySecretSchema, upstreamInputSchema } from '../config/upstream.ts'
import { upstreamTypes } from '../upstreams/registry.ts'
import { type PasteResult, parsePaste } from './paste.ts'
import { readTypeWord } from './paste-names.ts'

const one = 'sk-aB3dE5gH7jK9mN1pQ2rS4tU6'
const two = 'sk-zY8xW6vU4tS2rQ0pN9mL7kJ5'
const three = 'cr_a1b2c3d4e5f60718293a4b5c6d7e8f90'
const anthropicKey = `sk-ant-api03-${'aB3dE5gH7j'.repeat(9)}`
const googleKey = 'AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'

interface Case {
	name: string
	text: string
	/** What must be found; `keys` is [] unless told. */
	found: Partial<PasteResult>
}

const relay = 'https://relay.example/api'
const claudeVariable = { value: 'claude', why: 'variable' } as const
const both = { baseUrl: relay, keys: [one], type: claudeVariable }

const shells: Case[] = [
	{
		name: 'export',
		text: `export ANTHROPIC_BASE_URL=${relay}\nexport ANTHROPIC_AUTH_TOKEN=${one}`,
		found: both,
	},
	{
		name: 'quoted export',
		text: `export ANTHROPIC_BASE_URL="${relay}"; export ANTHROPIC_AUTH_TOKEN='${one}'`,
		found: both,
	},
	{
		name: 'an env file',
		text: `# mine\r\nANTHROPIC_BASE_URL=${relay}\r\nANTHROPIC_API_KEY=${one}\r\n`,
		found: both,
	},
	{
		name: 'PowerShell',
		text: `$env:ANTHROPIC_BASE_URL = "${relay}"\n$Env:ANTHROPIC_AUTH_TOKEN="${one}"`,
		found: both,
	},
	{ name: 'cmd', text: `set ANTHROPIC_BASE_URL=${relay}\nset ANTHROPIC_AUTH_TOKEN=${one}`, found: both },
	{
		name: 'setx',
		text: `setx ANTHROPIC_BASE_URL "${relay}"\nsetx ANTHROPIC_AUTH_TOKEN "${one}"`,
		found: both,
	},
	{
		name: 'fish',
		text: `set -gx ANTHROPIC_BASE_URL ${relay}\nset -Ux ANTHROPIC_AUTH_TOKEN ${one}`,
		found: both,
	},
	{
		name: 'SetEnvironmentVariable',
		text: `[System.Environment]::SetEnvironmentVariable("ANTHROPIC_BASE_URL", "${relay}", "User")\n[System.Environment]::SetEnvironmentVariable("ANTHROPIC_AUTH_TOKEN", "${one}", "User")`,
		found: both,
	},
	{
		name: 'one line before a command',
		text: `ANTHROPIC_BASE_URL=${relay} ANTHROPIC_API_KEY=${one} claude`,
		found: both,
	},
	{
		name: 'docker',
		text: `docker run -e ANTHROPIC_BASE_URL=${relay} -e ANTHROPIC_API_KEY=${one} image`,
		found: both,
	},
	{
		name: 'Dockerfile',
		text: `ENV ANTHROPIC_BASE_URL ${relay}\nENV ANTHROPIC_API_KEY=${one}`,
		found: { ...both, type: claudeVariable },
	},
	{ name: 'YAML', text: `env:\n  ANTHROPIC_BASE_URL: ${relay}\n  ANTHROPIC_API_KEY: "${one}"`, found: both },
	{ name: 'TOML', text: `base_url = "${relay}"\napi_key = "${one}"`, found: { baseUrl: relay, keys: [one] } },
	{
		name: 'a short key of a local server',
		text: 'export ANTHROPIC_BASE_URL=http://localhost:11434\nexport ANTHROPIC_AUTH_TOKEN=ollama',
		found: { baseUrl: 'http://localhost:11434', keys: ['ollama'], preset: 'ollama', type: claudeVariable },
	},
	{
		name: 'OPENAI_*',
		text: `OPENAI_BASE_URL=${relay}/v1\nOPENAI_API_KEY=${one},${two}`,
		found: { baseUrl: `${relay}/v1`, keys: [one, two], type: { value: 'openai', why: 'variable' } },
	},
	{
		name: 'OPENAI_* of a known service of an older dialect',
		text: `OPENAI_API_BASE=https://api.deepseek.com/v1 OPENAI_API_KEY=${one}`,
		found: {
			baseUrl: 'https://api.deepseek.com',
			preset: 'deepseek',
			type: { value: 'openaiold', why: 'variable' },
			keys: [one],
		},
	},
	{
		name: 'GEMINI_API_KEY alone',
		text: `export GEMINI_API_KEY="${googleKey}"`,
		found: { keys: [googleKey], preset: 'gemini', type: { value: 'gemini', why: 'variable' } },
	},
	{
		name: 'GOOGLE_GEMINI_BASE_URL',
		text: `GOOGLE_GEMINI_BASE_URL=${relay}\nGEMINI_API_KEY=${one}\nGEMINI_MODEL=gemini-2.5-pro`,
		found: {
			...{ baseUrl: relay, keys: [one], type: { value: 'gemini', why: 'variable' } },
			modelMap: { opus: 'gemini-2.5-pro', sonnet: 'gemini-2.5-pro', haiku: 'gemini-2.5-pro' },
		},
	},
]

const settings = {
	env: {
		ANTHROPIC_BASE_URL: 'https://api.deepseek.com/anthropic',
		ANTHROPIC_AUTH_TOKEN: one,
		ANTHROPIC_MODEL: 'deepseek-v4-pro[1m]',
		ANTHROPIC_DEFAULT_HAIKU_MODEL: 'deepseek-v4-flash',
		CLAUDE_CODE_SUBAGENT_MODEL: 'deepseek-v4-flash',
		API_TIMEOUT_MS: '3000000',
	},
	permissions: { allow: ['Bash(ls)'], key: 'no-key-at-all-1234567890' },
}
const settingsFound: Partial<PasteResult> = {
	...{ baseUrl: 'https://api.deepseek.com/anthropic', keys: [one], preset: 'deepseek', name: 'deepseek' },
	type: claudeVariable,
	modelMap: { opus: 'deepseek-v4-pro', sonnet: 'deepseek-v4-pro', haiku: 'deepseek-v4-flash' },
}

const original = {
	upstream: [
		{ name: 'first', baseUrl: 'https://first.example', serviceType: 'gemini', apiKeys: ['other'] },
		{
			...{ name: 'second', baseUrl: relay, serviceType: 'openaiold', apiKeys: ['short-1', one, one] },
			modelMapping: { opus: 'big', 'gpt-*': 'any' },
			website: 'https://relay.example',
		},
	],
	currentUpstream: 1,
	loadBalance: 'failover',
}
const originalFound: Partial<PasteResult> = {
	...{ name: 'second', baseUrl: relay, type: { value: 'openaiold', why: 'stated' }, keys: ['short-1', one] },
	...{ modelMap: { opus: 'big', 'gpt-*': 'any' }, leftovers: ['first'] },
}

const json: Case[] = [
	{ name: 'settings of Claude Code', text: JSON.stringify(settings, null, 2), found: settingsFound },
	{
		name: 'the same with words around',
		text: `put this into settings.json:\n${JSON.stringify(settings)}\nand restart`,
		found: settingsFound,
	},
	{
		name: 'a part of the settings',
		text: `"env": {\n  "ANTHROPIC_BASE_URL": "${relay}",\n  "ANTHROPIC_AUTH_TOKEN": "${one}",\n},`,
		found: both,
	},
	{
		name: 'JSON as PHP writes it',
		text: `{"ANTHROPIC_BASE_URL":"${relay.replaceAll('/', '\\/')}","ANTHROPIC_API_KEY":"${one}"}`,
		found: both,
	},
	{
		name: 'JSON with a comment',
		text: `{ // mine\n "ANTHROPIC_BASE_URL": "${relay}", "ANTHROPIC_API_KEY": "${one}", }`,
		found: both,
	},
	{ name: 'the original’s config.json', text: JSON.stringify(original), found: originalFound },
	{
		name: 'one of its upstreams',
		text: JSON.stringify(original.upstream[1]),
		found: { ...originalFound, leftovers: [] },
	},
	{
		name: 'a list of its upstreams',
		text: JSON.stringify(original.upstream.toReversed()),
		found: originalFound,
	},
	{
		name: 'a provider of claude-code-router',
		text: JSON.stringify({
			Providers: [
				{ name: 'relay', api_base_url: `${relay}/v1/chat/completions`, api_key: one, models: ['m'] },
			],
			Router: { default: 'relay,m' },
		}),
		found: { name: 'relay', baseUrl: `${relay}/v1`, keys: [one], type: { value: 'openai', why: 'endpoint' } },
	},
	{ name: 'a list of keys', text: JSON.stringify([one, two]), found: { keys: [one, two] } },
]

const curl: Case[] = [
	{
		name: 'Anthropic’s',
		text: `curl https://api.anthropic.com/v1/messages \\\n  -H "x-api-key: ${anthropicKey}" \\\n  -H "anthropic-version: 2023-06-01" \\\n  -d '{"model":"claude-opus-4-5","max_tokens":1,"messages":[{"role":"user","content":"the key is none-of-it-1234567890abc"}]}'`,
		found: {
			...{ baseUrl: 'https://api.anthropic.com', keys: [anthropicKey], preset: 'anthropic' },
			type: { value: 'claude', why: 'endpoint' },
		},
	},
	{
		name: 'OpenAI’s dialect',
		text: `curl -X POST '${relay}/v1/chat/completions' -H 'Authorization: Bearer ${one}' -H 'Content-Type: application/json' -d '{"model":"kimi-k2","messages":[]}'`,
		found: {
			...{ baseUrl: `${relay}/v1`, keys: [one], type: { value: 'openai', why: 'endpoint' } },
			modelMap: { opus: 'kimi-k2', sonnet: 'kimi-k2', haiku: 'kimi-k2' },
		},
	},
	{
		name: 'Gemini’s, with the key in the URL',
		text: `curl "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent?key=${googleKey}" -H 'Content-Type: application/json'`,
		found: {
			...{ baseUrl: 'https://generativelanguage.googleapis.com/v1beta', keys: [googleKey], preset: 'gemini' },
			type: { value: 'gemini', why: 'endpoint' },
		},
	},
	{
		name: 'a header that tells the type',
		text: `curl ${relay}/ask -H "x-goog-api-key: ${one}"`,
		found: { baseUrl: `${relay}/ask`, keys: [one], type: { value: 'gemini', why: 'header' } },
	},
	{
		name: 'the Responses API',
		text: `curl https://api.openai.com/v1/responses -H "Authorization: Bearer ${one}"`,
		found: {
			baseUrl: 'https://api.openai.com/v1',
			keys: [one],
			preset: 'openai',
			type: { value: 'responses', why: 'endpoint' },
		},
	},
	{
		name: 'Chat Completions at OpenAI itself',
		text: `curl https://api.openai.com/v1/chat/completions -H "Authorization: Bearer ${one}"`,
		found: { baseUrl: 'https://api.openai.com/v1', keys: [one], type: { value: 'openai', why: 'endpoint' } },
	},
]

const prose: Case[] = [
	{
		name: 'an address and keys',
		text: `${relay}\n${one}\n${two}`,
		found: { baseUrl: relay, keys: [one, two] },
	},
	{
		name: 'many separators',
		text: `${one},${two};${three}|${one} "${anthropicKey}"、${googleKey}`,
		found: { keys: [one, two, three, anthropicKey, googleKey] },
	},
	{
		name: 'Chinese words and punctuation',
		text: `接口地址：${relay}，密钥：${one}；备用密钥是「${two}」。请勿外传！`,
		found: { baseUrl: relay, keys: [one, two] },
	},
	{ name: 'a short key after a Chinese label', text: '密钥：abc123xyz', found: { keys: ['abc123xyz'] } },
	{ name: 'labels', text: `Base URL: ${relay}\nAPI Key: ${one}`, found: { baseUrl: relay, keys: [one] } },
	{ name: 'labels of someone’s own', text: `main:${one}\nspare=${two}`, found: { keys: [one, two] } },
	{
		name: 'Markdown',
		text: `- **URL**: <${relay}>\n- **Key**: \`${one}\`\n- [docs](https://relay.example/docs/)`,
		found: { baseUrl: relay, keys: [one] },
	},
	{
		name: 'the page where keys are made beside the address',
		text: `get one at https://platform.deepseek.com/api_keys, then use https://api.deepseek.com/anthropic with ${one}`,
		found: {
			baseUrl: 'https://api.deepseek.com/anthropic',
			keys: [one],
			type: { value: 'claude', why: 'preset' },
		},
	},
	{
		name: 'an Anthropic key alone',
		text: anthropicKey,
		found: {
			baseUrl: 'https://api.anthropic.com',
			keys: [anthropicKey],
			preset: 'anthropic',
			type: { value: 'claude', why: 'key' },
		},
	},
	{
		name: 'keys of two services alone',
		text: `${anthropicKey}\n${googleKey}`,
		found: { keys: [anthropicKey, googleKey] },
	},
	{
		name: 'a known host without https://',
		text: `api.moonshot.cn/anthropic ${one}`,
		found: {
			baseUrl: 'https://api.moonshot.cn/anthropic',
			keys: [one],
			preset: 'moonshot-cn',
			name: 'moonshot-cn',
		},
	},
	{
		name: 'any host where an address is expected',
		text: 'base_url: relay.example/v1',
		found: { baseUrl: 'https://relay.example/v1', keys: [], name: 'relay' },
	},
	{
		name: 'a server nearby',
		text: 'localhost:8000/v1',
		found: { baseUrl: 'http://localhost:8000/v1', keys: [], preset: 'vllm' },
	},
	{
		name: 'an IP address',
		text: `http://10.0.0.5:9000 ${one}`,
		found: { baseUrl: 'http://10.0.0.5:9000', keys: [one], name: 'local' },
	},
	{ name: 'our # at the end', text: `${relay}/custom#`, found: { baseUrl: `${relay}/custom#`, keys: [] } },
	{ name: 'punctuation behind an address', text: `Use ${relay}.`, found: { baseUrl: relay, keys: [] } },
	{
		name: 'an invisible mark',
		text: `\ufeff${relay}\u200b ${one}\u200b`,
		found: { baseUrl: relay, keys: [one] },
	},
	{
		name: 'a UUID as key',
		text: '01234567-89ab-cdef-0123-456789abcdef',
		found: { keys: ['01234567-89ab-cdef-0123-456789abcdef'] },
	},
	{
		name: 'a Chinese company’s domain',
		text: 'https://api.example.com.cn/v1',
		found: { name: 'example', keys: [] },
	},
	{ name: 'nothing', text: ' \n', found: { keys: [], leftovers: [] } },
]

const noKeys = [
	'claude-sonnet-4-5-20250929',
	'deepseek-v4-pro doubao-seed-2-0-code-preview-latest',
	'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1',
	'ANTHROPIC_API_KEY=your-api-key-here-1234567890',
	'ANTHROPIC_API_KEY=$OPENAI_API_KEY',
	'ANTHROPIC_API_KEY=<YOUR_KEY>',
	'ANTHROPIC_API_KEY=',
	'ANTHROPIC_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx',
	'sk-ant-…9f2a sk-****************1234',
	'ANTHROPIC_API_KEY and OPENAI_API_KEY are both read',
	'the key and the token of an account',
	'GITHUB_TOKEN=ghp_a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8 AWS_SECRET_ACCESS_KEY=a1b2c3d4e5f6a7b8c9d0e1f2',
	'PROXY_ACCESS_KEY=cp-a1b2c3d4e5f6a7b8c9d0e1f2',
	'max_tokens: 1234567890 budget_tokens=abc1234',
	'请把密钥填到 Claude Code 里面',
]

describe.each(Object.entries({ shells, json, curl, prose }))('parsePaste: %s', (_group, cases) => {
	test.each(cases)('$name', ({ text, found }) => {
		expect(parsePaste(text)).toMatchObject(found)
	})
})

describe('parsePaste', () => {
	test.each(noKeys)('%s holds no key', text => {
		expect(parsePaste(text).keys).toEqual([])
	})

	test('tells what it left over, once each, without the words of shells', () => {
		expect(parsePaste(`export ANTHROPIC_BASE_URL=${relay}\nhello hello world -H`).leftovers).toEqual([
			'hello',
			'world',
		])
		expect(parsePaste(`${relay} https://other.example/v1`).leftovers).toHaveLength(1)
	})

	test('does not tell the values of other things’ keys', () => {
		const text = 'GITHUB_TOKEN=ghp_a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8'
		expect(parsePaste(text).leftovers).toEqual(['GITHUB_TOKEN'])
	})

	test('needs no rule for Claude’s own models', () => {
		const text = `ANTHROPIC_BASE_URL=${relay}\nANTHROPIC_MODEL=claude-opus-4-5\nANTHROPIC_SMALL_FAST_MODEL=haiku`
		expect(parsePaste(text).modelMap).toBeUndefined()
	})

	test('every type word is a type that there is', () => {
		for (const type of upstreamTypes) expect(readTypeWord(type)).toBe(type)
		for (const word of ['anthropic', 'openai_chat', 'google'])
			expect(upstreamTypes).toContain(readTypeWord(word))
		expect(readTypeWord('text')).toBeUndefined()
	})

	test('a model map may hold any name', () => {
		const text = '{"baseUrl":"https://relay.example","modelMapping":{"__proto__":"x","constructor":"y"}}'
		expect(Object.entries(parsePaste(text).modelMap ?? {})).toEqual([
			['__proto__', 'x'],
			['constructor', 'y'],
		])
	})
})

/** Whatever was pasted, what is found can be saved. */
function expectSavable(result: PasteResult): void {
	for (const key of result.keys)
		expect(keySecretSchema.safeParse(key)).toMatchObject({ success: true, data: key })
	expect(new Set(result.keys).size).toBe(result.keys.length)
	expect(result.keys.length).toBeLessThanOrEqual(1000)
	expect(result.leftovers.length).toBeLessThanOrEqual(50)
	if (result.type) expect(upstreamTypes).toContain(result.type.value)
	const { baseUrl = relay, modelMap = {} } = result
	const type = result.type?.value ?? 'claude'
	const parsed = upstreamInputSchema.safeParse({ name: 'x', type, baseUrl, modelMap })
	expect(parsed.error?.issues).toBeUndefined()
}

describe('parsePaste of anything', () => {
	const pieces = fc.constantFrom(
		...[
			'export ',
			'set -gx ',
			'$env:',
			'ANTHROPIC_BASE_URL',
			'OPENAI_API_KEY',
			'apiKeys',
			'"',
			"'",
			'=',
			':',
			'：',
		],
		...[
			'\n',
			' ',
			',',
			'，',
			'{',
			'}',
			'[',
			']',
			'\\',
			relay,
			one,
			two,
			anthropicKey,
			'http://',
			'https://[',
			'@',
			'?key=',
		],
		...[
			'-H "x-api-key: ',
			'Bearer ',
			'密钥',
			'地址',
			'localhost:1',
			'#',
			'%',
			'\u0000',
			'\ud800',
			'ANTHROPIC_MODEL=',
			'k',
		],
	)
	test('never fails, and what it finds can be saved', () => {
		const texts = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.array(pieces, { maxLength: 40 }).map(list => list.join('')),
		)
		fc.assert(
			fc.property(texts, text => expectSavable(parsePaste(text))),
			{ numRuns: 2000 },
		)
	})

	test('nor with any JSON', () => {
		fc.assert(
			fc.property(fc.json({ maxDepth: 6 }), text => expectSavable(parsePaste(text))),
			{ numRuns: 500 },
		)
	})

	test('a key is found whatever stands around it', () => {
		const around = fc.constantFrom('\n', ' ', ',', ';', '"', "'", '，', '、', '（', '密', '|', '\t', '>', '`')
		fc.assert(
			fc.property(
				around,
				around,
				fc.constantFrom(one, two, anthropicKey, googleKey),
				(before, after, key) => {
					expect(parsePaste(`x${before}${key}${after}y`).keys).toEqual([key])
				},
			),
		)
	})

	const million = (piece: string) => piece.repeat(Math.ceil(1_000_000 / piece.length))
	test.each([
		...[
			'a',
			' ',
			'=',
			':',
			'"',
			'{',
			'[',
			'\\',
			'x=',
			'key:',
			'a.',
			'-',
			'sk-',
			'http://',
			'密钥',
			'：',
			'$env:',
		],
		...[
			`${one} `,
			'ANTHROPIC_API_KEY=',
			'https://a.example/v1/messages ',
			'a1b2c3d4e5f6a7b8c9d0.',
			'{"a":',
			'[[',
			'eyJaaaaaaaaaa.',
		],
		...['1.1.1.', 'x-', 'AIza', '/v1', '?key=a&', '%25', 'localhost:', '\\/'],
	])('a million characters of %j are read in one go', piece => {
		// What goes back for each of them does not end within the time of a test.
		expectSavable(parsePaste(million(piece)))
	})

	test('many keys are bounded', () => {
		const text = Array.from({ length: 1500 }, (_, index) => `sk-${index}aB3dE5gH7jK9mN1p`).join('\n')
		expect(parsePaste(text).keys).toHaveLength(1000)
	})
})
