import { translateSentence } from '../../core/text/translate-sentence.ts'
import { labels } from './labels-zh.ts'
import { outcomes } from './outcomes-zh.ts'
import { checkTitles } from './sentences-zh/doctor.ts'
import { sentences } from './sentences-zh/index.ts'
import { upstreamSentences } from './sentences-zh/upstreams.ts'
import type { CliTexts } from './texts-en.ts'

/** How requests end that are of no class. */
const ends: Readonly<Record<string, string>> = { refused: '未发出', failed: '失败' }

const of = (model: string) => (model === '' ? '' : `${model} `)
const times = (count: number) => (count > 1 ? ` ${count} 次` : '')

const areas: Readonly<Record<string, string>> = {
	...{ program: '程序', variables: '变量', 'outbound proxy': '出站代理', 'access key': '访问密钥' },
	...{ database: '数据库', proxy: '代理', clock: '时钟', upstreams: '渠道' },
}

const sayFault = (message: string): string => translateSentence(message, upstreamSentences) ?? message

/** `network: host not found` */
function sayFailure(sentence: string): string | undefined {
	const [, kind = '', message = ''] = /^([a-z ]+): (.+)$/s.exec(sentence) ?? []
	// Of what was cancelled, sentences of ours tell more.
	const outcome = Object.entries(outcomes).find(([name]) => name.replace('_', ' ') === kind)?.[1]
	return outcome === undefined || kind === 'cancelled' ? undefined : `${outcome}：${sayFault(message)}`
}

/** What is no sentence of ours stays as it is. */
const say = (sentence: string): string =>
	sayFailure(sentence) ??
	translateSentence(sentence, sentences) ??
	sentence
		.split('\n')
		.map(line => translateSentence(line, sentences) ?? line)
		.join('\n')

export const chinese: CliTexts = {
	say,
	list: parts => parts.join('，'),
	period: (first, last) => `${first} 至 ${last}`,
	choose: ({ zh }) => zh,
	sayFault,
	label: text => labels[text] ?? text,
	marks: { error: '错误：', hint: '提示：', note: '注意：', warning: '警告：', yesNo: '[y/N]' },
	currentMark: '（当前）',
	states: {
		...{ ready: '就绪', current: '就绪', degraded: '降级', cooling: '冷却中' },
		...{ paused: '已暂停', disabled: '已停用', unreadable: '无法读取', 'no-keys': '没有密钥' },
	},
	state: {
		trial: '，试用中',
		trialAlone: '试用中',
		forModel: model => `用于 ${model}`,
		why: reason => `（${reason}）`,
		coolingFor: models => `（冷却中的模型：${models.join('、')}）`,
	},
	outcomes,
	outcome: word => (outcomes as Readonly<Record<string, string>>)[word] ?? ends[word] ?? word,
	event: {
		failed: ({ count, model, isOver, cooldown }) =>
			`${of(model)}失败${times(count)}，${isOver ? `冷却了 ${cooldown}` : `还要冷却 ${cooldown}`}`,
		probe: ({ count, model }) => `${of(model)}再次尝试${times(count)}`,
		recovered: ({ model }) => `${of(model)}恢复正常`,
		cleared: ({ author, model }) => `${of(model)}冷却已${author === '' ? '' : `由 ${author} `}结束`,
		demoted: () => '移到最后',
		promoted: ({ author }) => (author === '' ? '放回原位' : `由 ${author} 放回原位`),
	},
	reason: { failed: '失败', because: (kind, words) => `${kind}：${words}` },
	kinds: { exact: '名称', glob: '模式', tier: '档次', none: '' },
	status: {
		heads: {
			...{ index: '#', upstream: '渠道', type: '类型', keys: '密钥', state: '状态' },
			...{ latency: '延迟', requests: '24H 请求', ok: '成功率', lastError: '最近失败' },
		},
		current: '当前',
		keys: (total, cooling) => `${total}（${cooling} 冷却）`,
		ago: (error, time) => `${error}，${time} 前`,
		strategy: name => `策略 ${name}`,
		database: (label, ms) => `数据库 ${label} ${ms} ms`,
		leastError: 21,
		cooling: keys => `${keys} 个密钥冷却中`,
		ends: 'Ctrl-C 结束',
	},
	test: {
		heads: ['名称', '结果', '状态码', '连接', '首字节', '总计', '密钥', '模型'],
		called: url => `已调用 POST ${url}`,
		left: number => `${number} 个未测试`,
		progress: (name, outcome, ms) => `${name}：${outcome}，${ms} ms`,
	},
	doctor: {
		levels: { ok: '正常', warn: '注意', fail: '故障', skip: '-' },
		area: area => areas[area] ?? area.replace(/^upstream (?=.)/, '渠道 ').replace(/^protocol (?=.)/, '接口 '),
		solved: '已解决',
		asking: upstreams => `正在询问 ${upstreams} 个渠道……`,
		checking: (upstream, title) => `${upstream}：${checkTitles[title] ?? title}……`,
		summary: ({ ok, warn, fail }) =>
			[`${ok} 项正常`, ...(warn > 0 ? [`${warn} 项注意`] : []), ...(fail > 0 ? [`${fail} 项故障`] : [])].join(
				'，',
			),
	},
}
