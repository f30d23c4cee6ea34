import { describe, expect, test } from 'vitest'
import { mapModel } from '../config/model-map.ts'
import { upstreamInputSchema } from '../config/upstream.ts'
import { findAdapter, upstreamTypes } from '../upstreams/registry.ts'
import { judgeKeyHost, looksLike } from './key-guard.ts'
import { presetGroups } from './preset.ts'
import { findPreset, findPresetByUrl, isBelowDomain, presets } from './presets.ts'

/** What each endpoint calls, from the vendors' documentation. */
const calls: Record<string, string> = {
	'anthropic claude': 'https://api.anthropic.com/v1/messages',
	'openai responses': 'https://api.openai.com/v1/responses',
	'openai openai': 'https://api.openai.com/v1/chat/completions',
	'azure-openai openai': 'https://your-resource.openai.azure.com/openai/v1/chat/completions',
	'azure-openai responses': 'https://your-resource.openai.azure.com/openai/v1/responses',
	'azure-openai claude': 'https://your-resource.services.ai.azure.com/anthropic/v1/messages',
	'gemini gemini': 'https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse',
	'gemini openai': 'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
	'deepseek claude': 'https://api.deepseek.com/anthropic/v1/messages',
	'deepseek openaiold': 'https://api.deepseek.com/v1/chat/completions',
	'moonshot-cn claude': 'https://api.moonshot.cn/anthropic/v1/messages',
	'moonshot-cn openaiold': 'https://api.moonshot.cn/v1/chat/completions',
	'moonshot claude': 'https://api.moonshot.ai/anthropic/v1/messages',
	'moonshot openaiold': 'https://api.moonshot.ai/v1/chat/completions',
	'zhipu claude': 'https://open.bigmodel.cn/api/anthropic/v1/messages',
	'zhipu openaiold': 'https://open.bigmodel.cn/api/paas/v4/chat/completions',
	'zai claude': 'https://api.z.ai/api/anthropic/v1/messages',
	'zai openaiold': 'https://api.z.ai/api/paas/v4/chat/completions',
	'dashscope claude': 'https://dashscope.aliyuncs.com/apps/anthropic/v1/messages',
	'dashscope openaiold': 'https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions',
	'dashscope-intl claude': 'https://dashscope-intl.aliyuncs.com/apps/anthropic/v1/messages',
	'dashscope-intl openaiold': 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions',
	'minimax-cn claude': 'https://api.minimaxi.com/anthropic/v1/messages',
	'minimax-cn openaiold': 'https://api.minimaxi.com/v1/chat/completions',
	'minimax claude': 'https://api.minimax.io/anthropic/v1/messages',
	'minimax openaiold': 'https://api.minimax.io/v1/chat/completions',
	'volcengine claude': 'https://ark.cn-beijing.volces.com/api/compatible/v1/messages',
	'volcengine openai': 'https://ark.cn-beijing.volces.com/api/v3/chat/completions',
	'xiaomi-mimo claude': 'https://api.xiaomimimo.com/anthropic/v1/messages',
	'xiaomi-mimo openai': 'https://api.xiaomimimo.com/v1/chat/completions',
	'mistral openaiold': 'https://api.mistral.ai/v1/chat/completions',
	'xai responses': 'https://api.x.ai/v1/responses',
	'xai openai': 'https://api.x.ai/v1/chat/completions',
	'kimi-coding claude': 'https://api.kimi.com/coding/v1/messages',
	'kimi-coding openaiold': 'https://api.kimi.com/coding/v1/chat/completions',
	'zhipu-coding claude': 'https://open.bigmodel.cn/api/anthropic/v1/messages',
	'zhipu-coding openaiold': 'https://open.bigmodel.cn/api/coding/paas/v4/chat/completions',
	'zai-coding claude': 'https://api.z.ai/api/anthropic/v1/messages',
	'zai-coding openaiold': 'https://api.z.ai/api/coding/paas/v4/chat/completions',
	'dashscope-coding claude': 'https://coding.dashscope.aliyuncs.com/apps/anthropic/v1/messages',
	'dashscope-coding openaiold': 'https://coding.dashscope.aliyuncs.com/v1/chat/completions',
	'volcengine-coding claude': 'https://ark.cn-beijing.volces.com/api/coding/v1/messages',
	'volcengine-coding openai': 'https://ark.cn-beijing.volces.com/api/coding/v3/chat/completions',
	'openrouter claude': 'https://openrouter.ai/api/v1/messages',
	'openrouter openai': 'https://openrouter.ai/api/v1/chat/completions',
	'vercel-ai-gateway claude': 'https://ai-gateway.vercel.sh/v1/messages',
	'vercel-ai-gateway openai': 'https://ai-gateway.vercel.sh/v1/chat/completions',
	'siliconflow-cn claude': 'https://api.siliconflow.cn/v1/messages',
	'siliconflow-cn openaiold': 'https://api.siliconflow.cn/v1/chat/completions',
	'siliconflow claude': 'https://api.siliconflow.com/v1/messages',
	'siliconflow openaiold': 'https://api.siliconflow.com/v1/chat/completions',
	'modelscope claude': 'https://api-inference.modelscope.cn/v1/messages',
	'modelscope openaiold': 'https://api-inference.modelscope.cn/v1/chat/completions',
	'groq openai': 'https://api.groq.com/openai/v1/chat/completions',
	'together openaiold': 'https://api.together.ai/v1/chat/completions',
	'fireworks claude': 'https://api.fireworks.ai/inference/v1/messages',
	'fireworks openai': 'https://api.fireworks.ai/inference/v1/chat/completions',
	'nvidia openaiold': 'https://integrate.api.nvidia.com/v1/chat/completions',
	'cerebras openai': 'https://api.cerebras.ai/v1/chat/completions',
	'ollama claude': 'http://localhost:11434/v1/messages',
	'ollama openaiold': 'http://localhost:11434/v1/chat/completions',
	'lmstudio claude': 'http://localhost:1234/v1/messages',
	'lmstudio openaiold': 'http://localhost:1234/v1/chat/completions',
	'vllm claude': 'http://localhost:8000/v1/messages',
	'vllm openai': 'http://localhost:8000/v1/chat/completions',
}

const hex = (length: number) => '0123456789abcdef'.repeat(8).slice(0, length)
const word = (length: number) => 'aB3dE5gH7jK9mN1p'.repeat(8).slice(0, length)

/** Invented keys in the vendors' forms. */
const keys: Record<string, readonly string[]> = {
	anthropic: [`sk-ant-api03-${word(95)}`, `sk-ant-oat01-${word(95)}`],
	openai: [`sk-proj-${word(64)}`, `sk-svcacct-${word(64)}`, `sk-${word(20)}T3BlbkFJ${word(20)}`],
	gemini: [`AIzaSy${word(33)}`, `AQ.${word(50)}`],
	zhipu: [`${hex(32)}.${word(16)}`],
	xai: [`xai-${word(80)}`],
	'kimi-coding': [`sk-kimi-${word(64)}`],
	'dashscope-coding': [`sk-sp-${hex(32)}`],
	openrouter: [`sk-or-v1-${hex(64)}`],
	'vercel-ai-gateway': [`vck_${word(48)}`],
	modelscope: ['ms-01234567-89ab-cdef-0123-456789abcdef'],
	groq: [`gsk_${word(52)}`],
	together: [`tgp_v1_${word(43)}`],
	fireworks: [`fw_${word(24)}`],
	nvidia: [`nvapi-${word(64)}`],
	cerebras: [`csk-${hex(48)}`],
}

/** Forms that several services share. */
const anyones = [
	...[`sk-${hex(32)}`, `sk-${word(48)}`, hex(32), word(40), '01234567-89ab-cdef-0123-456789abcdef'],
	...['', 'sk-ant-', 'my-key', `eyJ${word(40)}.${word(60)}.${word(40)}`, `x sk-ant-${word(40)}`],
]

describe('presets', () => {
	test('have ids of their own, and names of their own in both languages', () => {
		for (const list of [presets.map(({ id }) => id), presets.map(({ name }) => name)]) {
			expect(new Set(list).size).toBe(list.length)
		}
		const chinese = presets.map(({ name, nameZh = name }) => nameZh)
		expect(new Set(chinese).size).toBe(chinese.length)
		for (const { id, group } of presets) {
			expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
			expect(presetGroups).toContain(group)
		}
	})

	test('are all in the table of calls, and the table has no other', () => {
		const named = presets.flatMap(({ id, endpoints }) => endpoints.map(({ type }) => `${id} ${type}`))
		expect(named.toSorted()).toEqual(Object.keys(calls).toSorted())
	})

	const endpoints = presets.flatMap(preset => preset.endpoints.map(endpoint => ({ preset, endpoint })))

	test.each(endpoints)(
		'$preset.id as $endpoint.type calls what its vendor documents',
		({ preset, endpoint }) => {
			const { type, baseUrl } = endpoint
			expect(upstreamTypes).toContain(type)
			const options = { model: 'm', stream: true }
			expect(findAdapter(type)?.messagesUrl(baseUrl, options)).toBe(calls[`${preset.id} ${type}`])
		},
	)

	test.each(presets)('$id fills an upstream that the schema takes', preset => {
		const { id, website, modelMap, endpoints: given, keyPageUrl, notes, group, domains, placeholder } = preset
		for (const { type, baseUrl, authStyle = 'auto' } of given) {
			const input = { name: id, type, baseUrl, website, modelMap, authStyle }
			expect(upstreamInputSchema.safeParse(input)).toMatchObject({ success: true })
			if (placeholder !== undefined) expect(baseUrl).toContain(placeholder)
			const { hostname, protocol } = new URL(baseUrl)
			if (group === 'local') expect(hostname).toBe('localhost')
			else {
				expect(isBelowDomain(hostname, domains)).toBe(true)
				expect(protocol).toBe('https:')
			}
		}
		if (group === 'local') expect(keyPageUrl).toBe('')
		else expect(URL.parse(keyPageUrl)?.protocol).toBe('https:')
		for (const { en, zh } of notes) {
			expect(en).toMatch(/^[\x20-\x7e…]+$/)
			expect(zh).toMatch(/\p{Script=Han}/u)
		}
	})

	test.each(presets.filter(({ modelMap }) => Object.keys(modelMap).length > 0))(
		'$id maps every tier of Claude’s models',
		({ modelMap }) => {
			for (const model of ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5']) {
				expect(mapModel(model, modelMap)).not.toBe(model)
			}
		},
	)

	test('presets of one vendor agree on its domains', () => {
		const domains = new Map(presets.map(preset => [preset.vendor, preset.domains]))
		for (const preset of presets) expect(preset.domains).toEqual(domains.get(preset.vendor))
	})

	test('findPreset knows them by id', () => {
		expect(findPreset('deepseek')?.name).toBe('DeepSeek')
		expect(findPreset('toString')).toBeUndefined()
	})
})

describe('findPresetByUrl', () => {
	test.each([
		['https://api.deepseek.com/anthropic', 'deepseek', 'claude'],
		['https://api.deepseek.com/anthropic/v1/messages', 'deepseek', 'claude'],
		['https://api.deepseek.com/v1', 'deepseek', 'openaiold'],
		['https://api.deepseek.com/anthropically', 'deepseek', 'openaiold'],
		['https://platform.deepseek.com/api_keys', 'deepseek', undefined],
		['https://ark.cn-beijing.volces.com/api/coding', 'volcengine-coding', 'claude'],
		['https://ark.cn-beijing.volces.com/api/coding/v3/', 'volcengine-coding', 'openai'],
		['https://ark.cn-beijing.volces.com/api/v3', 'volcengine', 'openai'],
		['https://open.bigmodel.cn/api/coding/paas/v4', 'zhipu-coding', 'openaiold'],
		['https://my-company.openai.azure.com/openai/v1', 'azure-openai', undefined],
		['http://localhost:11434', 'ollama', 'claude'],
		['http://localhost:9', undefined, undefined],
		['https://api.deepseek.com.evil.example/anthropic', undefined, undefined],
		['https://relay.example/v1', undefined, undefined],
		['no url', undefined, undefined],
	])('%s is %s, type %s', (url, id, type) => {
		const match = findPresetByUrl(url)
		expect(match?.preset.id).toBe(id)
		expect(match?.endpoint?.type).toBe(type)
	})
})

describe('key patterns', () => {
	test('every preset with a pattern has an invented key here, its own or one of its vendor', () => {
		const vendors = Object.keys(keys).map(id => findPreset(id)?.vendor)
		for (const { keyPattern, vendor } of presets)
			if (keyPattern !== undefined) expect(vendors).toContain(vendor)
	})

	test.each(Object.entries(keys))('keys of %s fit its own pattern and no other vendor’s', (id, examples) => {
		const own = findPreset(id)!
		for (const key of examples) {
			const fitting = presets.filter(
				({ keyPattern }) => keyPattern !== undefined && new RegExp(`^(?:${keyPattern})$`).test(key),
			)
			expect(fitting).toContain(own)
			expect(new Set(fitting.map(({ vendor }) => vendor))).toEqual(new Set([own.vendor]))
			expect(looksLike(` ${key}\n`)).toBe(own)
		}
	})

	test.each(anyones)('%j could be anyone’s', key => {
		expect(looksLike(key)).toBeUndefined()
	})

	test('a very long text is not judged', () => {
		expect(looksLike(`sk-ant-${'a'.repeat(100_000)}`)).toBeUndefined()
	})
})

describe('judgeKeyHost', () => {
	const anthropic = keys.anthropic![0]!
	const openrouter = keys.openrouter![0]!
	test.each([
		[anthropic, 'https://api.anthropic.com', 'own', false],
		[anthropic, 'https://API.Anthropic.com./v1#', 'own', false],
		[anthropic, 'https://relay.example', 'foreign', true],
		[anthropic, 'https://api.anthropic.com.relay.example', 'foreign', true],
		[anthropic, 'https://notanthropic.com', 'foreign', true],
		[anthropic, 'https://api.anthropic.com@relay.example', 'foreign', true],
		[anthropic, 'http://localhost:3000', 'local', false],
		[anthropic, 'http://127.0.0.1:8080/v1', 'local', false],
		[anthropic, 'http://[::1]:8080', 'local', false],
		[anthropic, 'http://127.0.0.1.relay.example', 'foreign', true],
		[keys.zhipu![0]!, 'https://api.z.ai/api/anthropic', 'own', false],
		[keys['kimi-coding']![0]!, 'https://api.moonshot.cn', 'own', false],
		[keys.gemini![0]!, 'https://relay.example', 'foreign', true],
		[openrouter, 'https://openrouter.ai/api', 'own', false],
		[openrouter, 'https://relay.example', 'foreign', false],
		[`sk-${hex(32)}`, 'https://relay.example', 'unknown', false],
	])('%s to %s: %s', (key, url, verdict, mustConfirm) => {
		expect(judgeKeyHost(key, url)).toMatchObject({ verdict, mustConfirm })
	})
})
