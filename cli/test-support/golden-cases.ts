import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import { compareWithStored } from '../doctor/check-clock.ts'
import { advise, type Finding, inArea, suggest } from '../doctor/finding.ts'
import { formatFindings } from '../doctor/format-findings.ts'
import type { Speaker } from '../next-step.ts'
import { formatProbes } from '../probe-table.ts'

import { failedId, goodId } from './golden-folder.ts'

/** Command lines by the name of their file; what they print must not depend on the day. */
export const goldenCommands: Record<string, readonly string[]> = {
	list: ['list'],
	show: ['show', '月之暗面', '--verbose'],
	'key-list': ['key', '月之暗面', 'list'],
	'key-history': ['key', '月之暗面', 'history', '0'],
	map: ['map', '月之暗面', 'list'],
	models: ['models', 'local'],
	status: ['status'],
	logs: ['logs'],
	'logs-ids': ['logs', '--id', '--status', 'error'],
	inspect: ['inspect', failedId],
	'inspect-good': ['inspect', goodId],
	usage: ['usage'],
	'usage-keys': ['usage', '--by', 'key'],
	history: ['history'],
	'history-show': ['history', 'show', '4'],
	'history-diff': ['history', 'diff', '3', '5'],
	settings: ['settings'],
	webhook: ['webhook'],
	presets: ['presets', 'azure-openai'],
	connect: ['connect'],
	help: ['update', '--help'],
}

const found: Record<'chinese' | 'long', (text: string) => Finding> = {
	chinese: text =>
		inArea('upstream 月之暗面').warn(text, advise('check its URL, the network, and HTTPS_PROXY')),
	long: text =>
		inArea('upstream openai-main-with-a-long-name').fail(
			text,
			suggest('key', 'openai-main-with-a-long-name', 'add', '<key>'),
		),
}

const findings: Finding[] = [
	inArea('program').ok('claude-proxy 1.0.0 on Node.js 24.0.0'),
	inArea('database').ok('file:data/claude-proxy.db answers in 2 ms'),
	inArea('database').ok('schema 11'),
	inArea('database').ok('journal mode wal; a lock is waited for 250 ms at a time, 10 s in all'),
	inArea('proxy').skip('its health check is off'),
	compareWithStored({ newest: 7_200_000, now: 0 }),
	found.long('it has no key that could be sent'),
	found.chinese(
		'network: the certificate of api.moonshot.cn is not one that this computer trusts (SELF_SIGNED_CERT_IN_CHAIN)',
	),
]

const probe: ProbeResult = {
	...{ upstreamId: 'up_1', upstreamName: '月之暗面', ok: true, status: 200, class: 'ok', message: '' },
	...{
		url: 'https://api.moonshot.cn/anthropic/v1/messages',
		model: 'kimi-k2',
		answeredModel: 'kimi-k2-0905-preview',
	},
	...{ keyId: 'key_1', keyMask: 'sk-…aaaa', connectMs: 31, firstByteMs: 412, totalMs: 655, at: 0 },
}
const probes: ProbeResult[] = [
	probe,
	{
		...{
			...probe,
			upstreamName: 'openai-main-with-a-long-name',
			ok: false,
			status: 429,
			class: 'rate_limit',
		},
		...{
			message: 'Rate limit reached for requests',
			model: 'gpt-5-mini',
			answeredModel: null,
			keyMask: 'sk-proj-…bbbb',
		},
	},
	{
		...{ ...probe, upstreamName: 'local', ok: false, status: 0, class: 'network', url: '', keyMask: null },
		...{ message: 'nothing listens at 127.0.0.1:9', answeredModel: null, connectMs: null, firstByteMs: null },
	},
]

/** What depends on the day: the clock, the network, this computer. Only how it is shown is held. */
/** What is held in Chinese, too. */
export const goldenInChinese: readonly string[] = [
	...['list', 'show', 'key-list', 'key-history', 'status', 'logs', 'inspect', 'inspect-good', 'usage'],
	...['history', 'history-show', 'history-diff', 'doctor', 'test', 'test-one'],
]

export const goldenViews: Record<string, (speaker: Speaker) => string[]> = {
	doctor: speaker => formatFindings(speaker, findings),
	test: speaker => formatProbes(speaker, probes, 4),
	'test-one': speaker => formatProbes(speaker, [probe], 1),
}
