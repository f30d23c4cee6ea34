import type { Messages } from '../en/index.ts'

export const upstreams = {
	title: '渠道',
	purpose: '由谁回答请求，用哪些密钥，按什么顺序。',
	loading: '正在读取渠道',
	loadFailed: '读不到渠道。',
	concern: {
		database: '数据库没有响应',
		databaseAdvice:
			'请检查 TURSO_DATABASE_URL 和 TURSO_AUTH_TOKEN；如果用本地文件，请确认所在文件夹可写。如果之前读到过配置，在此期间会继续使用它。',
		chooseUpstream: '还没有选定当前渠道',
		chooseUpstreamAdvice: '在选定之前，请求都会得到 503。用命令行先列出渠道，再按名称或序号选定：',
		upstreamFailing: '当前渠道工作不正常',
		upstreamFailingAdvice:
			'它的密钥可能被拒绝、额度用尽或正在冷却，也可能渠道已停用。先查看，再添加密钥或换一个渠道：',
	},
	steps: {
		heading: '开始使用',
		where: '请在 claude-proxy 的文件夹里运行命令，并使用同一份 .env 或环境变量。',
		done: '已完成',
		now: '下一步',
		later: '稍后',
		upstream: '添加渠道',
		upstreamWhy: '真正回答请求的服务：Anthropic、OpenAI、Gemini，或任何与它们兼容的服务。',
		upstreamKinds: '渠道类型',
		upstreamOwn: '名称可以随意取。如果是兼容服务，把网址换成它的基础 URL。',
		key: '填入密钥',
		keyWhy: '你在该服务的 API 密钥。可以添加多个，由它们分担请求。',
		shell: '终端',
	},
	strategies: {
		failover: '故障转移：用第一个可用密钥',
		'round-robin': '轮询：各密钥依次使用',
		random: '随机：任取一个可用密钥',
	},
	starters: { anthropic: 'Anthropic', openai: 'OpenAI', gemini: 'Gemini' },
} satisfies Messages['upstreams']
