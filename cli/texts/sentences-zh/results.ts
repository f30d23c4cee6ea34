/** What commands say when they are done, what comes next, and what is waited for. */
export const resultSentences = {
	'it is off: {0}': '它已停用：{0}',
	'next, give it a key: {0}': '下一步，添加密钥：{0}',
	'next, answer requests with it: {0}': '下一步，用它回答请求：{0}',
	'it answers requests; {0} runs the proxy and prints the settings for Claude Code':
		'现在由它回答请求；{0} 启动代理并显示 Claude Code 的设置',
	'next: {0}': '下一步：{0}',
	'or a service by name: {0}': '或使用已知的服务：{0}',
	'no upstream is current: requests are answered 503': '没有当前渠道：请求都会得到 503',
	'next, choose one: {0}': '下一步，选定一个：{0}',
	'keys are unreadable: they were stored with another ENCRYPTION_KEY than the one in use':
		'密钥无法读取：它们是用另一个 ENCRYPTION_KEY 保存的',
	'no request fits': '没有符合条件的请求',
	'no requests yet': '还没有请求',
	'next, ask something: {0}': '下一步，提个问题：{0}',
	'no requests from {0} to {1}': '{0} 至 {1} 没有请求',
	'a longer time: {0}': '更长的时间：{0}',
	'nobody is told of incidents': '出现故障时不会通知任何人',
	'asking {0} …': '正在询问 {0}……',
	'rewriting {0} …': '正在重写 {0}……',
	'reading all of {0} …': '正在通读 {0}……',
	'waiting for {0} …': '正在等待 {0}……',
	'waiting for the answer …': '正在等待回答……',
}
