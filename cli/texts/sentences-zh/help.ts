/** What `help` says of the program and of each command. */
export const helpSentences = {
	'claude-proxy: one endpoint for Claude Code, answered from any upstream':
		'claude-proxy：Claude Code 的统一入口，由任意渠道回答',
	'{0} <command> [options]': '{0} <命令> [选项]',
	'for example': '例如',
	'{0} <command> --help tells more. --json prints JSON, --version the version.':
		'{0} <命令> --help 查看详情。--json 输出 JSON，--version 显示版本。',
	'An upstream is meant by its name, the beginning of its name, or its number in `list`.':
		'渠道可用名称、名称的开头或 list 中的编号指定。',
	'add an upstream': '添加渠道',
	"add, list, remove, pause an upstream's keys": '添加、查看、删除、暂停渠道的密钥',
	'all upstreams, one per line': '所有渠道，每行一个',
	'everything about one upstream, or about all': '一个或所有渠道的全部信息',
	'answer requests with this upstream': '用这个渠道回答请求',
	'change an upstream': '修改渠道',
	'which model to ask an upstream for, and a test of it': '模型映射，以及试一试',
	'remove an upstream and its keys': '删除渠道及其密钥',
	'choose how keys take turns': '选择密钥轮换方式',
	'send upstreams a tiny message, and tell how they answer': '向渠道发一条很短的消息，看它如何回答',
	'change the order in which upstreams are listed': '调整渠道的排列顺序',
	'how it goes: keys, latency, errors; again and again with --watch':
		'运行状态：密钥、延迟、错误；--watch 持续刷新',
	'look for problems, and say how to solve them': '查找问题，并说明如何解决',
	'ask a model something, and show the answer as it comes': '向模型提问，边收边显示回答',
	'show what a request or an answer is converted to; nothing is sent': '显示请求或回答的转换结果；不会发送',
	'the settings for Claude Code and other clients': 'Claude Code 和其他客户端的设置',
	'the models that an upstream lists': '渠道列出的模型',
	'services that add knows by name': 'add 认识的服务',
	'forget what refusals taught about an upstream': '忘记从渠道的拒绝中学到的信息',
	'what holds for all upstreams: recording, retention, prices': '对所有渠道有效的设置：记录、保留、价格',
	'the latest requests, and those to come with --follow': '最近的请求；--follow 持续显示',
	'everything about one request': '一个请求的全部信息',
	'requests, tokens and cost by model, upstream, key or time':
		'按模型、渠道、密钥或时间统计请求、token 和费用',
	'what was changed, when, by whom': '谁在何时改了什么',
	'write the configuration into a file': '把配置写入文件',
	"read it from a file, ours or the original's": '从文件读取配置（本程序或原系统的）',
	'migrate or check the database, show its state, change its key': '迁移或检查数据库，查看状态，更换密钥',
	'who is told of incidents': '出现故障时通知谁',
	'make .env and the database, without questions': '生成 .env 和数据库，不提问',
	'let the shell complete commands and names': '让 shell 补全命令和名称',
	'run the proxy and its admin': '运行代理和管理界面',
}
