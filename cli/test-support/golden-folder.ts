import type { RequestRecord } from '../../core/ports.ts'
import { createRequestLog } from '../../db/index.ts'
import { requestRecord } from '../../db/test-support/samples.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../../test/support/upstreams/index.ts'
import { type CliFolder, createCliFolder } from './cli-folder.ts'
import { failFirstKey, withDatabase } from './fail-key.ts'

export interface GoldenFolder {
	folder: CliFolder
	remove(): Promise<void>
}

/** Ids as the proxy makes them. */
export const goodId = 'req_019ab0c4d5e6GoodGoodGoodGoodGood'
export const failedId = 'req_019ab0c4d5e6FailFailFailFailFail'

const second = 'sk-second-0123456789-bbbb'
const localKey = 'sk-local-0123456789-cccc'

/** Something of everything: a Chinese name, a long one, keys in each state, requests of each kind, a history. */
export async function createGoldenFolder(): Promise<GoldenFolder> {
	const folder = createCliFolder({ PORT: '3000' })
	const upstream = await startOpenAiUpstream({ keys: [localKey], models: ['gpt-5.1', 'gpt-5-mini'] })
	await addUpstreams(folder, upstream)
	await failFirstKey({
		message: 'You exceeded your current quota, please check your plan and billing details.',
	})
	await failFirstKey({ scope: 'kimi-k2', failureClass: 'rate_limit', status: 429, message: 'slow down' })
	await recordRequests(folder)
	return {
		folder,
		async remove() {
			folder.remove()
			await upstream.close()
		},
	}
}

async function addUpstreams({ run }: CliFolder, upstream: ScriptedUpstream): Promise<void> {
	const chinese = ['add', '月之暗面', 'claude', 'https://api.moonshot.cn/anthropic']
	await run(...chinese, '--key', 'sk-first-0123456789-aaaa', '--key', second)
	await run(
		'add',
		'openai-main-with-a-long-name',
		'openai',
		'https://gateway.example.com/a/rather/long/path/v1',
	)
	await run('add', 'local', 'openai', `${upstream.url}/v1`, '--key', localKey)
	await run('key', '月之暗面', 'pause', second)
	const rules = [
		'opus=kimi-k2-thinking',
		'sonnet=kimi-k2',
		'claude-*-haiku-*=moonshotai/kimi-k2-instruct-0905-turbo',
	]
	await run('update', '月之暗面', ...rules.flatMap(rule => ['--model-map', rule]))
	const about = 'Bills per request, and counts input from the cache as half of what others take for it.'
	await run(
		'update',
		'月之暗面',
		'--description',
		about,
		'--timeout',
		'30s',
		'--message',
		'patience at night',
	)
	await run(
		'webhook',
		'add',
		'值班',
		'https://hooks.example.com/services/T000/B000',
		'--event',
		'keys-cooling',
	)
}

async function recordRequests(folder: CliFolder): Promise<void> {
	const [upstream] = (await folder.data('list')).upstreams
	const [key] = (await folder.data('key', '月之暗面', 'list')).keys
	const mine = {
		upstreamId: upstream?.id ?? '',
		upstreamName: '月之暗面',
		keyId: key?.id,
		keyMask: 'sk-…aaaa',
	}
	// Not so close to now that two of them could fall into different seconds of "ago".
	const at = Date.now() - 90_500
	await withDatabase(async database => {
		const log = createRequestLog({ database })
		for (const record of listRecords(mine, at)) log.record(record)
		await log.flush()
	})
}

type Mine = Pick<RequestRecord, 'upstreamId' | 'upstreamName' | 'keyId' | 'keyMask'>

function listRecords(mine: Mine, at: number): RequestRecord[] {
	const attempt = { upstreamId: mine.upstreamId ?? '', keyId: mine.keyId ?? '', firstByteMs: 900 }
	return [
		requestRecord(goodId, {
			...{ ...mine, at: at - 3000, model: 'claude-sonnet-5-5', upstreamModel: 'kimi-k2', toolCalls: 2 },
			...{ firstContentMs: 412, totalMs: 12_300, userAgent: 'claude-cli/2.1.5', sessionId: '' },
			usage: { input_tokens: 1000, output_tokens: 500, cache_read_input_tokens: 9000 },
			notes: [
				{
					field: 'top_k',
					action: 'dropped',
					detail: 'the upstream has no such field, and answers with an error where it comes',
				},
			],
		}),
		requestRecord('req_019ab0c4d5e6GoneGoneGoneGoneGone', {
			...{ ...mine, at: at - 2000, model: 'claude-sonnet-5-5', upstreamModel: 'kimi-k2', stream: true },
			...{
				outcome: 'cancelled',
				status: 499,
				firstContentMs: 300,
				totalMs: 500,
				usage: undefined,
				sessionId: '',
			},
		}),
		requestRecord(failedId, {
			...{
				...mine,
				at: at - 1000,
				model: 'claude-opus-5-5',
				upstreamModel: 'kimi-k2-thinking',
				sessionId: '',
			},
			...{ outcome: 'quota', status: 402, totalMs: 4000, firstContentMs: undefined, usage: undefined },
			...{ errorMessage: '余额不足，请充值后再试。', userAgent: 'claude-cli/2.1.5' },
			attempts: [
				{
					...{ ...attempt, keyMask: 'sk-…zzzz', status: 429, outcome: 'rate_limit', decision: 'next key' },
					...{ message: 'Too many requests of this organisation, slow down', ms: 1000, startMs: 2 },
				},
				{
					...{ ...attempt, keyMask: 'sk-…aaaa', status: 402, outcome: 'quota', decision: 'gave up' },
					...{ message: '余额不足，请充值后再试。', ms: 2900, startMs: 1010 },
				},
			],
		}),
	]
}

/** What differs from run to run, put in the place of it by as many characters. */
export function settle(text: string): string {
	return text
		.replace(/\b(key|up|wh)_(\w+)/g, (_id, kind, rest) => `${kind}_${'x'.repeat(rest.length)}`)
		.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-01-31 09:05:07')
		.replace(/\b\d\d-\d\d \d\d:\d\d:\d\d/g, '01-31 09:05:07')
		.replace(/\b\d:\d\d(?= ago|\b)(?!:)/g, 'm:ss')
		.replace(/(?<=127\.0\.0\.1:)\d+/g, port => '4'.repeat(port.length))
		.replace(/(?<=claude-proxy\.db )\d+(?= ms)/g, '2')
}
