import type { TestProxy } from '../../test/support/proxy.ts'
import { madeUpKey } from './made-up-key.ts'
import { fillTraffic } from './requests.ts'

const by = { author: 'web' } as const
const byCli = { author: 'cli' } as const

/** A database as somebody has after some weeks. */
export async function fillDatabase(proxy: TestProxy): Promise<void> {
	const { repository, services } = proxy
	const kimi = await repository.addUpstream(
		{
			name: 'kimi',
			type: 'claude',
			baseUrl: 'https://api.moonshot.cn/anthropic',
			description: 'Coding plan, shared by the team',
			website: 'https://platform.moonshot.cn',
			modelMap: { opus: 'kimi-k3', haiku: 'kimi-k3-turbo' },
		},
		by,
	)
	await repository.addKeys(
		kimi.id,
		[1, 2, 3].map(place => madeUpKey('sk-', place)),
		by,
	)
	const openai = await repository.addUpstream(
		{ name: 'openai-main', type: 'openai', baseUrl: 'https://api.openai.com/v1' },
		by,
	)
	await repository.addKeys(
		openai.id,
		[4, 7].map(place => madeUpKey('sk-proj-', place)),
		by,
	)
	const gemini = await repository.addUpstream(
		{
			name: 'gemini-free',
			type: 'gemini',
			baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
			description: 'Free tier, for the evenings',
		},
		by,
	)
	await repository.addKeys(
		gemini.id,
		[5, 6].map(place => madeUpKey('AIza', place)),
		byCli,
	)
	await repository.addUpstream(
		{ name: 'ollama on the desk', type: 'claude', baseUrl: 'http://localhost:11434', enabled: false },
		byCli,
	)
	await repository.setCurrentUpstream(kimi.id, by)
	await services.config.refresh()
	await fillTraffic(proxy)
}
