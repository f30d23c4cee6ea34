import { describe, expect, test } from 'vitest'
import type { TransferDocument } from './document.ts'
import { readDocument } from './read-document.ts'
import { createReport } from './report.ts'

const types = ['claude', 'openai', 'openaiold', 'gemini', 'responses']
const key = 'sk-1234567890abcdef'

function read(value: unknown) {
	const report = createReport()
	const result = readDocument(value, types, report)
	const document = result !== undefined && 'document' in result ? result.document : undefined
	return { document: document as TransferDocument, ...report }
}

const openai = {
	baseUrl: 'https://api.openai.com',
	apiKeys: [key],
	serviceType: 'openai',
	name: 'openai-api',
}

describe('the original’s config.json', () => {
	test('as its documentation shows it', () => {
		const gemini = {
			baseUrl: 'https://generativelanguage.googleapis.com',
			apiKeys: ['g'],
			serviceType: 'gemini',
		}
		const file = {
			upstream: [openai, { ...gemini, name: 'gemini-api' }],
			currentUpstream: 1,
			loadBalance: 'random',
		}
		const { document, problems, warnings } = read(file)
		expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
		expect(document).toEqual({
			...{ format: 'seed', keys: 'plain', current: 1, settings: { strategy: 'random' } },
			upstreams: [
				{
					path: 'upstream[0]',
					fields: { name: 'openai-api', type: 'openai', baseUrl: 'https://api.openai.com' },
					keys: [{ secret: key }],
				},
				{
					path: 'upstream[1]',
					fields: { name: 'gemini-api', type: 'gemini', baseUrl: gemini.baseUrl },
					keys: [{ secret: 'g' }],
				},
			],
		})
	})

	test('every field of its last TypeScript version', () => {
		const { document, problems, warnings } = read({
			upstream: [
				{
					...{
						...openai,
						serviceType: 'openaiold',
						description: 'cheap',
						website: 'https://a.example/console',
					},
					...{ insecureSkipVerify: true, modelMapping: { opus: 'gpt-5', 'claude-sonnet-4-5': 'gpt-5-mini' } },
				},
			],
			...{ currentUpstream: 0, loadBalance: 'round-robin' },
		})
		expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
		expect(document.upstreams[0]?.fields).toEqual({
			...{ name: 'openai-api', type: 'openaiold', baseUrl: 'https://api.openai.com', description: 'cheap' },
			...{ website: 'https://a.example/console', insecureSkipVerify: true },
			modelMap: { opus: 'gpt-5', 'claude-sonnet-4-5': 'gpt-5-mini' },
		})
	})

	test('the fields of its Go versions: status and priority say which is current, headers and proxy are taken', () => {
		const { document, problems, warnings } = read({
			upstream: [
				{ ...openai, name: 'a', status: 'disabled', priority: 1 },
				{ ...openai, name: 'b', status: 'active', priority: 3, promotionUntil: '2025-01-01T00:00:00Z' },
				{ ...openai, name: 'c', status: 'active', priority: 2, customHeaders: { 'X-Team': 'blue' } },
				{ ...openai, name: 'd', status: 'suspended', proxyUrl: 'http://user:pass@proxy.example:8080' },
				{ ...openai, name: 'e', status: 'suspended', apiKeys: null, baseUrls: [openai.baseUrl] },
				{ ...openai, name: 'f', disabledApiKeys: [{ key: 'sk-old', reason: 'authentication_error' }] },
			],
			...{ loadBalance: 'failover', responsesUpstream: [openai], geminiUpstream: [], fuzzyModeEnabled: true },
			...{ responsesLoadBalance: 'failover', currentResponsesUpstream: 0 },
		})
		expect(problems).toEqual([])
		expect(warnings).toEqual([
			'responsesUpstream: left out: these upstreams answer another API than /v1/messages',
			'upstream[1].promotionUntil: not known here, left out',
		])
		expect(document.current).toBe(2)
		const { upstreams } = document
		expect(upstreams.map(({ fields }) => fields.enabled)).toEqual([
			...[undefined, undefined, undefined, false, undefined, undefined],
		])
		expect(upstreams[2]?.fields.extraHeaders).toEqual({ 'X-Team': 'blue' })
		expect(upstreams[3]?.fields.proxyUrl).toBe('http://user:pass@proxy.example:8080')
		expect(upstreams[4]?.keys).toEqual([])
		expect(upstreams[5]?.keys).toEqual([{ secret: key }, { secret: 'sk-old', enabled: false }])
	})

	test('names that are missing or repeated are made, the same ones each time', () => {
		const nameless = { ...openai, name: undefined }
		const file = {
			upstream: [nameless, openai, nameless, { ...openai, name: 'OpenAI-API' }, { ...openai, name: '' }],
		}
		const { document, warnings } = read(file)
		const names = document.upstreams.map(({ fields }) => fields.name)
		expect(names).toEqual([
			'api.openai.com',
			'openai-api',
			'api.openai.com 2',
			'OpenAI-API 2',
			'api.openai.com 3',
		])
		expect(warnings).toContain('upstream[3].name: there twice, made OpenAI-API 2')
		expect(read(file).document).toEqual(document)
	})

	test('a made name stands in no given name’s way', () => {
		const file = {
			upstream: [
				{ ...openai, name: '' },
				{ ...openai, name: 'api.openai.com' },
			],
		}
		const names = read(file).document.upstreams.map(({ fields }) => fields.name)
		expect(names).toEqual(['api.openai.com 2', 'api.openai.com'])
	})

	test('what can be put right is, with a warning', () => {
		const { document, problems, warnings } = read({
			upstream: [
				{
					...openai,
					...{ apiKeys: [key, ` ${key} `, '', 'sk-b'], serviceType: ' OpenAI ', website: 'www.a.example' },
					...{ description: 'd'.repeat(1200), modelMapping: { haiku: '', gpt: 'x' }, weight: 3 },
					proxyUrl: 'socks5://proxy.example:1080',
				},
				{ ...openai, name: 'old', serviceType: 'oainew', website: 'no address' },
			],
			...{ currentUpstream: 7, loadBalance: '', comment: 'mine' },
		})
		expect(problems).toEqual([])
		expect(warnings).toEqual([
			'comment: not known here, left out',
			'upstream[0].weight: not known here, left out',
			'upstream[0].apiKeys[1]: the same key as before, left out',
			'upstream[0].apiKeys[2]: empty, left out',
			'upstream[0].description: cut after 1000 characters',
			'upstream[0].modelMapping.haiku: has no target, left out',
			'upstream[0].modelMapping: a rule fits whole model names here; write *part* for every name that contains a part',
			'upstream[0].proxyUrl: left out: only HTTP proxies can be used here',
			'upstream[1].serviceType: an old name, taken as openai',
			'upstream[1].website: not a web address, left out',
			'currentUpstream: there is no upstream 7, so none is made current',
		])
		const { fields, keys } = document.upstreams[0]!
		expect(keys).toEqual([{ secret: key }, { secret: 'sk-b' }])
		expect(fields).toEqual({
			...{ name: 'openai-api', type: 'openai', baseUrl: 'https://api.openai.com', modelMap: { gpt: 'x' } },
			...{ website: 'https://www.a.example', description: 'd'.repeat(1000) },
		})
		expect(document.settings).toEqual({})
	})

	test('an empty list is an empty configuration', () => {
		expect(read({ upstream: [], currentUpstream: 0, loadBalance: 'failover' })).toMatchObject({
			...{ problems: [], warnings: [], document: { upstreams: [], current: undefined } },
		})
	})

	test('everything wrong is named at once, with its path and without a key', () => {
		const secret = 'sk two words and a secret'
		const { problems } = read({
			upstream: [
				{ ...openai, baseUrl: 'api.openai.com' },
				'https://api.openai.com',
				{ ...openai, apiKeys: key, serviceType: 'soap', name: 'a\nb', insecureSkipVerify: 'yes' },
				{
					...openai,
					apiKeys: [7, secret],
					modelMapping: { opus: 4 },
					customHeaders: { 'a b': 'x', Host: 'y' },
				},
				{ apiKeys: [key], serviceType: 'openai', name: 'no url' },
			],
			...{ currentUpstream: '0', loadBalance: 'fastest' },
		})
		const type = 'must be one of claude, openai, openaiold, gemini, responses'
		expect(problems).toEqual([
			{ path: 'upstream[0].baseUrl', message: 'must be an http:// or https:// URL' },
			{ path: 'upstream[1]', message: 'must be an object' },
			{ path: 'upstream[2].apiKeys', message: 'must be a list' },
			{ path: 'upstream[2].serviceType', message: type },
			{ path: 'upstream[2].name', message: 'must not contain control characters' },
			{ path: 'upstream[2].insecureSkipVerify', message: 'must be boolean, not string' },
			{ path: 'upstream[3].apiKeys[0]', message: 'must be string, not number' },
			{ path: 'upstream[3].apiKeys[1]', message: 'must be one word of printable ASCII characters' },
			{ path: 'upstream[3].modelMapping.opus', message: 'must be string, not number' },
			{
				path: 'upstream[3].customHeaders.(a name)',
				message: 'the name of a header must be one word, as in x-team',
			},
			{ path: 'upstream[3].customHeaders.Host', message: 'host is set by the proxy itself' },
			{ path: 'upstream[4].baseUrl', message: 'is missing' },
			{ path: 'loadBalance', message: expect.stringContaining('failover') },
			{ path: 'currentUpstream', message: 'must be a whole number' },
		])
		expect(JSON.stringify(problems)).not.toContain('secret')
	})

	test.each([[null], [[]], ['x'], [7], [{}], [{ upstreams: [] }], [{ format: 'other' }]])(
		'%j is no configuration',
		value => {
			expect(read(value).problems).toEqual([{ path: '', message: expect.stringContaining('config.json') }])
		},
	)

	test('a name of JavaScript is a name like others', () => {
		const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
		const { document, problems } = read({ upstream: names.map(name => ({ ...openai, name })) })
		expect(problems).toEqual([])
		expect(document.upstreams.map(({ fields }) => fields.name)).toEqual(names)
		const odd = JSON.parse('{"constructor":{"prototype":1},"toString":2,"upstream":[]}')
		expect(read(odd)).toMatchObject({ problems: [], warnings: expect.arrayContaining([expect.any(String)]) })
	})

	test('reports stay short, however long the file', () => {
		const { problems, warnings } = read({ upstream: Array(900).fill({ a: 1, b: 2 }) })
		expect([problems.length, warnings.length]).toEqual([50, 51])
		expect(read({ upstream: Array(1001).fill(openai) }).problems).toEqual([
			{ path: 'upstream', message: 'holds 1001 entries; at most 1000' },
		])
		const keys = Array.from({ length: 2501 }, (_, index) => `sk-${index}`)
		expect(
			read({ upstream: [1, 2].map(name => ({ ...openai, name: `${name}`, apiKeys: keys })) }).problems,
		).toEqual([{ path: '', message: 'holds 5002 keys; at most 5000' }])
	})
})
