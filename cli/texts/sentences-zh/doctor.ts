import { outcomes } from '../outcomes-zh.ts'

/** What the protocol check tries. */
const titles: Readonly<Record<string, string>> = {
	text: '文本',
	stream: '流式',
	'tool call': '工具调用',
	'parallel tools': '并行工具',
	'tool without arguments': '无参数工具',
	image: '图片',
	'image in a tool result': '工具结果中的图片',
	'thinking, and its second turn': '思考及其第二轮',
	'structured output': '结构化输出',
	count_tokens: 'count_tokens',
	abort: '中止',
}

/** Each title stands in sentences of its own: as a word alone it could be somebody's name. */
const checked = Object.entries(titles).flatMap(([title, text]) => [
	[`${title} ({0} ms)`, `${text}（{0} ms）`],
	[`${title} ({0} ms): {1}`, `${text}（{0} ms）：{1}`],
])

/** Before what the upstream said. */
const failed = Object.entries(outcomes).map(([name, text]) => [
	`${name.replace('_', ' ')}: {0}`,
	`${text}：{0}`,
])

/** What `doctor` finds, and what helps. */
export const doctorSentences = {
	'there is no {0}': '没有 {0}',
	'{0} names no proxy, or is no JSON': '{0} 没有指定代理，或不是 JSON',
	'{0} does not name this proxy': '{0} 没有指定本代理',
	'{0} points here': '{0} 指向本代理',
	'{0} points to {1}, this proxy is {2}': '{0} 指向 {1}，而本代理是 {2}',
	'its URL ends in /v1, which Claude Code adds again': '其 URL 以 /v1 结尾，而 Claude Code 会再加一次',
	'{0} also has ANTHROPIC_API_KEY, which Claude Code may prefer':
		'{0} 中还有 ANTHROPIC_API_KEY，Claude Code 可能优先使用它',
	'its access key is another one than PROXY_ACCESS_KEY': '其访问密钥与 PROXY_ACCESS_KEY 不同',
	'its health check is off': '健康检查已关闭',
	'not running; port {0} is free': '未运行；端口 {0} 空闲',
	'something else listens at port {0}': '端口 {0} 被其他程序占用',
	'set PORT in .env to another one': '请在 .env 中换一个 PORT',
	'{0} runs at {1}': '{0} 正在 {1} 运行',
	'{0} runs at {1}, and says that it is {2}': '{0} 正在 {1} 运行，状态为 {2}',
	'let the computer set its clock from the network': '请让电脑从网络校准时钟',
	'as the one of the database': '与数据库一致',
	'{0} behind the database: keys and certificates may be misjudged': '比数据库慢 {0}：可能误判密钥和证书',
	'{0} ahead of the database: keys and certificates may be misjudged': '比数据库快 {0}：可能误判密钥和证书',
	'nothing stored is newer than now': '没有晚于现在的记录',
	'{0} behind the newest entry of the database: it went back, or was wrong then; keys that cool may cool longer':
		'比数据库最新的记录慢 {0}：时钟被调回，或当时不准；冷却中的密钥可能冷却更久',
	'within a minute of the one of {0}': '与 {0} 相差不到一分钟',
	'{0} behind the one of {1}': '比 {1} 慢 {0}',
	'{0} ahead of the one of {1}': '比 {1} 快 {0}',
	'{0}: certificates may be misjudged, and signed requests refused': '{0}：可能误判证书，签名的请求可能被拒',
	'none is current: requests are answered 503': '没有当前渠道：请求都会得到 503',
	'there are none: requests are answered 503': '还没有渠道：请求都会得到 503',
	'it is off': '已停用',
	'{0}, {1} answers, strategy {2}': '{0} 个，由 {1} 回答，策略 {2}',
	'{0} answers now': '现在由 {0} 回答',
	'{0} of {1} keys were stored with another ENCRYPTION_KEY':
		'{1} 个密钥中有 {0} 个是用另一个 ENCRYPTION_KEY 保存的',
	'put the old one behind the new one in ENCRYPTION_KEY, or add the keys again':
		'请把旧值写在 ENCRYPTION_KEY 的新值之后，或重新添加密钥',
	'it has no key that could be sent': '没有可用的密钥',
	'all keys cool for {0} s more': '所有密钥还要冷却 {0} 秒',
	'TLS certificates are not verified': '不验证 TLS 证书',
	'some keys cool': '部分密钥冷却中',
	'{0}, 1 key': '{0}，1 个密钥',
	'{0}, {1#} keys': '{0}，{1} 个密钥',
	'it belongs to a newer claude-proxy': '它属于更新版本的 claude-proxy',
	'schema {0}, this version needs {1}': '结构版本 {0}，本版本需要 {1}',
	'a server: not asked without network': '服务器：离线时不询问',
	'there is no {0} yet: the first start makes it': '还没有 {0}：首次启动时生成',
	'{0} answers in {1} ms': '{0} 在 {1} ms 内响应',
	'schema {0#}': '结构版本 {0}',
	'{0#} migrations applied': '已执行 {0} 个迁移',
	'update this one': '请升级本程序',
	'check TURSO_DATABASE_URL, TURSO_AUTH_TOKEN and the network':
		'请检查 TURSO_DATABASE_URL、TURSO_AUTH_TOKEN 和网络',
	'no damage found': '没有发现损坏',
	'put it aside, and bring back an export': '请移开它，并恢复一份导出',
	'journal mode {0} instead of wal: who reads makes who writes wait':
		'日志模式是 {0} 而不是 wal：读会让写等待',
	'each start sets it; where it stays so, keep the file on a disk of this computer':
		'每次启动都会设置；若仍不变，请把文件放在本机磁盘上',
	'a lock is waited for {0} ms at a time': '每次等锁 {0} ms',
	'{0}: other processes that write make requests fail': '{0}：其他进程写入时请求会失败',
	'reinstall claude-proxy': '请重新安装 claude-proxy',
	'journal mode wal; {0}, {1} s in all': '日志模式 wal；{0}，总共 {1} 秒',
	'the database has its write-ahead log': '数据库已启用预写日志',
	'the journal mode is still {0}': '日志模式仍是 {0}',
	'claude-proxy {0} on Node.js {1}': 'claude-proxy {0}，运行于 Node.js {1}',
	'there is none: everything comes from the environment, or is made at the first start':
		'没有：一切来自环境变量，或在首次启动时生成',
	'{0}, for you only': '{0}，仅你可读',
	'{0} is for you only now': '{0} 现在仅你可读',
	'{0} holds keys, and others on this computer may read it': '{0} 含有密钥，而本机其他用户可以读取',
	'{0} and {1} will be made at the first start': '{0} 和 {1} 会在首次启动时生成',
	'{0} will be made at the first start': '{0} 会在首次启动时生成',
	'{0} are set': '已设置 {0}',
	'the database is remote, and has no TURSO_AUTH_TOKEN': '数据库在远程，但没有 TURSO_AUTH_TOKEN',
	'HOST {0} lets others in, with a key that everybody knows': 'HOST {0} 允许他人访问，而密钥人人都知道',
	'{0} set: requests to upstreams follow them': '已设置 {0}：发往渠道的请求会遵循',
	'it is the one of the documentation: everybody knows it': '它是文档中的示例：人人都知道',
	'put a random one into .env': '请在 .env 中换成随机值',
	'it is short, or of few different characters': '太短，或字符种类太少',
	'put a longer one into .env': '请在 .env 中换成更长的值',
	'{0#} characters': '{0} 个字符',
	'learned of {0}': '学到：{0}',
	'connected in {0} ms, {1}': '{0} ms 连上，{1}',
	'answered in {0} ms by {1}': '{1} 在 {0} ms 内作答',
	'top the account up, or add another key': '请充值，或添加另一个密钥',
	'check the URL; for a server of your own: update <upstream> --insecureSkipVerify true':
		'请检查 URL；如果是自己的服务器：update <upstream> --insecureSkipVerify true',
	'check its URL, the network, and HTTPS_PROXY': '请检查 URL、网络和 HTTPS_PROXY',
	'long answers have time enough': '长回答有足够的时间',
	'its function may run {0} s only': '函数最多只能运行 {0} 秒',
	'set maxDuration in vercel.json to {0}': '请把 vercel.json 的 maxDuration 设为 {0}',
	'region {0} is near the database': '区域 {0} 靠近数据库',
	'region {0} ({1}) is far from the database ({2}): each request waits for it':
		'区域 {0}（{1}）远离数据库（{2}）：每个请求都要等待',
	'set regions in vercel.json to one near the database': '请把 vercel.json 的 regions 设为靠近数据库的区域',
	'not tried: it does not answer': '未尝试：它没有回答',
	'there is no upstream with keys to check': '没有可检查的、带密钥的渠道',
	'Send {0} requests to {1}, with at most {2} output tokens?':
		'向 {1} 发送 {0} 个请求，最多 {2} 个输出 token？',
	'it answers, and does not see the colour': '有回答，但看不到颜色',
	'the answer has no text': '回答中没有文字',
	'the answer tells no usage': '回答没有给出用量',
	'the stream is not whole': '流不完整',
	'the stream has no text': '流中没有文字',
	'the stream tells no usage': '流没有给出用量',
	'the answer does not follow the schema': '回答不符合结构',
	'the answer is no JSON': '回答不是 JSON',
	'it cannot be counted': '无法计数',
	'{0#} tokens': '{0} 个 token',
	'the upstream has no counter: the proxy estimates': '渠道不能计数：由代理估算',
	'the stream had no content to stop at': '流没有内容可供中止',
	'the answer was over before it could be stopped': '回答在中止之前已结束',
	'it answers with text instead of calling the tool': '只回答文字，没有调用工具',
	'the call lacks its argument': '调用缺少参数',
	'the stop reason is {0}, not tool_use': '停止原因是 {0}，不是 tool_use',
	'it calls no tool': '没有调用工具',
	'two calls have the same id': '两次调用的 id 相同',
	'a call lacks its argument': '有一次调用缺少参数',
	'one call at a time': '一次只能调用一个',
	'the input is no object': '输入不是对象',
	'it called no tool, so that the second turn could not be tried': '没有调用工具，因此无法尝试第二轮',
	'the second turn has no answer': '第二轮没有回答',
	'it shows no thinking': '没有显示思考',
	'second turn: {0}': '第二轮：{0}',
	'plain text failed': '纯文本已失败',
}

/** What a class of failures or a title of a check begins. */
export const startedSentences: Readonly<Record<string, string>> = Object.fromEntries([...checked, ...failed])
