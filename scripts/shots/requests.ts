import type { AttemptRecord, RequestRecord } from '../../core/ports.ts'
import { call } from '../../test/support/call.ts'
import type { TestProxy } from '../../test/support/proxy.ts'
import { startOpenAiUpstream } from '../../test/support/upstreams/index.ts'
import { madeUpKey } from './made-up-key.ts'

interface Source {
	upstreamId: string
	upstreamName: string
	keys: readonly { id: string; mask: string }[]
	models: readonly (readonly [asked: string, sent: string])[]
	/** Of 10. */
	share: number
}

const minute = 60_000
const days = 7
const failures = [
	['rate_limit', 429, 'Rate limit reached for requests. Please try again in 20s.'],
	['quota', 402, 'You have used all of this period. It starts again on 25 November.'],
	['server', 529, 'The engine is currently overloaded, please try again later'],
	['timeout', 504, 'the upstream was silent for 60 s'],
] as const

/** Always the same: pictures of yesterday can be compared with those of today. */
function createRandom(seed: number): () => number {
	let state = seed
	return () => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
		return state / 2_147_483_648
	}
}

/** A week of people at work: busy by day, quiet at night, a bad quarter of an hour yesterday. */
export async function fillTraffic(proxy: TestProxy): Promise<void> {
	const { services, repository } = proxy
	const sources = describeSources((await repository.read()).upstreams)
	const random = createRandom(7)
	const now = Date.now()
	let place = 0
	for (let at = now - days * 1440 * minute; at < now; at += (0.5 + random() * 6) * minute) {
		const hour = new Date(at).getHours()
		const busy = hour >= 9 && hour < 19 ? 1 : hour >= 7 && hour < 23 ? 0.3 : 0.03
		if (random() > busy) continue
		const bad = Math.abs(at - (now - 20 * 60 * minute)) < 45 * minute
		services.requestLog.record(createRecord({ sources, random, at, place: place++, bad }))
		if (place % 400 === 0) await services.flush()
	}
	services.requestLog.record(createFailed(sources, now - 4 * minute))
	await services.flush()
	await recordOne(proxy)
}

/** Every key was tried, and none answered. */
function createFailed(sources: readonly Source[], at: number): RequestRecord {
	const source = sources[0]
	if (source === undefined) throw new Error('no upstream to fail')
	const whys = [
		['quota', 402, 'You have used all of this period. It starts again on 25 November.', 'next key'],
		['rate_limit', 429, 'Rate limit reached for requests. Please try again in 20s.', 'next key'],
		['server', 529, 'The engine is currently overloaded, please try again later', 'gave up'],
	] as const
	const attempts = whys.map(([outcome, status, message, decision], place): AttemptRecord => {
		const { id: keyId = '', mask: keyMask = '' } = source.keys[place] ?? {}
		return {
			...{ upstreamId: source.upstreamId, keyId, keyMask, status, outcome, decision, message },
			...{ ms: 340 + 260 * place, startMs: 12 + 420 * place, firstByteMs: 330 + 250 * place },
			...(place === 0 && { connectMs: 96 }),
			url: 'https://api.moonshot.cn/anthropic/v1/messages',
		}
	})
	return {
		...{ id: 'req_5eedfa11ed0c3d1e7a02b94f60', at, model: 'claude-opus-5-5', upstreamModel: 'kimi-k3' },
		...{
			upstreamId: source.upstreamId,
			upstreamName: source.upstreamName,
			stream: true,
			attempts,
			notes: [],
		},
		...{ keyId: source.keys[2]?.id, keyMask: source.keys[2]?.mask, status: 529, outcome: 'server' },
		...{ errorMessage: whys[2][2], stopReason: undefined, usage: undefined, firstContentMs: undefined },
		...{ totalMs: 1760, userAgent: 'claude-cli/2.1.12 (external, cli)' },
		sessionId: '0b6e9a52-6f0e-4d1c-8a8e-2f1ab9b9d2f1',
	}
}

function describeSources(
	upstreams: readonly { id: string; name: string; keys: readonly { id: string; mask: string }[] }[],
): Source[] {
	const models: Record<string, Pick<Source, 'models' | 'share'>> = {
		kimi: {
			models: [
				['claude-opus-5-5', 'kimi-k3'],
				['claude-haiku-4-5-20251001', 'kimi-k3-turbo'],
			],
			share: 7,
		},
		'openai-main': { models: [['claude-sonnet-5', 'gpt-6-sol']], share: 2 },
		'gemini-free': { models: [['claude-haiku-4-5-20251001', 'gemini-3.5-flash']], share: 1 },
	}
	return upstreams.flatMap(({ id, name, keys }) => {
		const known = models[name]
		return known ? [{ upstreamId: id, upstreamName: name, keys, ...known }] : []
	})
}

interface Moment {
	sources: readonly Source[]
	random: () => number
	at: number
	place: number
	bad: boolean
}

function createRecord({ sources, random, at, place, bad }: Moment): RequestRecord {
	const pick = <Item>(items: readonly Item[]): Item => {
		const item = items[Math.floor(random() * items.length)]
		if (item === undefined) throw new Error('nothing to choose from')
		return item
	}
	const source = pick(sources.flatMap(each => Array.from({ length: each.share }, () => each)))
	const [model, upstreamModel] = pick(source.models)
	const key = pick(source.keys)
	const failed = random() < (bad ? 0.6 : 0.015)
	const cancelled = !failed && random() < 0.03
	const [outcome, status, errorMessage] = failed
		? pick(failures)
		: cancelled
			? (['cancelled', 499, ''] as const)
			: (['ok', 200, ''] as const)
	const firstContentMs = 350 + random() * random() * 3000
	const totalMs = failed ? 300 + random() * 900 : firstContentMs + random() * 14_000
	const attempt = (change: Partial<AttemptRecord>): AttemptRecord => ({
		upstreamId: source.upstreamId,
		keyId: key.id,
		keyMask: key.mask,
		status,
		outcome,
		decision: outcome === 'ok' ? 'answered' : outcome === 'cancelled' ? 'cancelled' : 'gave up',
		message: errorMessage,
		ms: totalMs,
		...change,
	})
	const [limit, limitStatus, limitMessage] = failures[0]
	const second = random() < 0.08
	const first = attempt({
		...{ outcome: limit, status: limitStatus, message: limitMessage, decision: 'next key', ms: 310 },
		keyMask: source.keys[0]?.mask ?? key.mask,
	})
	return {
		id: `req_${(0x5eed0000 + place).toString(16)}${'9f27c3d1'}${(place * 7919).toString(16).padStart(8, '0')}`,
		...{ at: Math.round(at), upstreamId: source.upstreamId, upstreamName: source.upstreamName },
		...{ keyId: key.id, keyMask: key.mask, model, upstreamModel, stream: random() < 0.9 },
		...{ status, outcome, errorMessage, stopReason: outcome === 'ok' ? pick(stopReasons) : undefined },
		usage:
			outcome === 'ok'
				? {
						input_tokens: Math.round(400 + random() * 2500),
						output_tokens: Math.round(80 + random() * 900),
						cache_read_input_tokens: Math.round(random() * 42_000),
						cache_creation_input_tokens: random() < 0.2 ? Math.round(random() * 9000) : 0,
					}
				: undefined,
		...{ firstContentMs: failed ? undefined : firstContentMs, totalMs: second ? totalMs + 340 : totalMs },
		attempts: second ? [first, attempt({})] : [attempt({})],
		notes:
			source.upstreamName === 'kimi'
				? []
				: [
						{
							field: 'metadata.user_id',
							action: 'renamed',
							detail: 'Sent as `safety_identifier`, which is what the upstream calls it.',
						},
					],
		userAgent: 'claude-cli/2.1.12 (external, cli)',
		sessionId: '0b6e9a52-6f0e-4d1c-8a8e-2f1ab9b9d2f1',
	}
}

const stopReasons = ['end_turn', 'tool_use', 'tool_use'] as const

/** One real request, answered by a scripted upstream and recorded with its bodies: the newest in the log. */
async function recordOne(proxy: TestProxy): Promise<void> {
	const { repository, services } = proxy
	const by = { author: 'web' } as const
	const scripted = await startOpenAiUpstream()
	scripted.keyFaults.set(madeUpKey('sk-proj-', 4), scripted.faults.rateLimit)
	scripted.script({
		text: 'This folder holds a README, the sources, and the tests beside them. '.split(/(?<= )/),
	})
	const { upstreams, currentUpstreamId } = await repository.read()
	const openai = upstreams.find(({ name }) => name === 'openai-main')
	if (!openai) throw new Error('the upstream for the recorded request is missing')
	const { baseUrl, modelMap } = openai
	await repository.changeSettings(
		{ recording: { mode: 'all', maxKb: 256, days: 7 } },
		{ ...by, message: 'Keep everything while we look for the slow answers' },
	)
	await repository.updateUpstream(
		openai.id,
		{ baseUrl: `${scripted.url}/v1`, modelMap: { sonnet: 'gpt-5-mini' } },
		by,
	)
	await repository.setCurrentUpstream(openai.id, by)
	await services.config.refresh()
	await call(proxy, {
		model: 'claude-sonnet-5',
		max_tokens: 32_000,
		stream: true,
		top_k: 40,
		metadata: { user_id: 'user_1f0a' },
		system: 'You are an interactive tool that helps with software engineering tasks.',
		messages: [{ role: 'user', content: 'List the files in this folder and say what each is for.' }],
		tools: [
			{
				name: 'Bash',
				description: 'Runs a command in the folder of the project.',
				input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
			},
		],
	})
	await services.flush()
	await repository.updateUpstream(openai.id, { baseUrl, modelMap }, by)
	if (currentUpstreamId) await repository.setCurrentUpstream(currentUpstreamId, by)
	for (const { id } of openai.keys) await repository.clearCooldown(id, by)
	await services.config.refresh()
	await scripted.close()
}
