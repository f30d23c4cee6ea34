import type { Messages } from '../en/index.ts'

export const errors = {
	unexpected: '页面出错了。',
	offlineApart: '它还在运行吗？它的 ADMIN_ORIGINS 里有这个页面的地址吗？',
	page: {
		commands: '查找页面',
		diagnostics: '用于报告问题的诊断信息',
		reloadAdvice: '如果服务器刚刚升级过，重新加载即可。',
	},
	codes: {
		invalid: { title: '服务器没有接受。', advice: '' },
		unauthorized: { title: '尚未登录。', advice: '请登录后再试。' },
		forbidden: {
			title: '服务器拒绝了这个页面。',
			advice: '请用管理界面自己的地址打开，或把当前地址加进 ADMIN_ORIGINS。',
		},
		'not-found': { title: '它已经不存在了。', advice: '' },
		conflict: { title: '期间有别人改动过。', advice: '请先看最新状态，再改一次。' },
		exists: { title: '已经有一个了。', advice: '' },
		'too-many-attempts': { title: '尝试次数太多。', advice: '请稍等片刻再试。' },
		'database-unavailable': {
			title: '连接不到数据库。',
			advice: '请求仍按最近读到的配置回答。请检查 TURSO_DATABASE_URL 和 TURSO_AUTH_TOKEN。',
		},
		'newer-schema': { title: '数据库属于更新版本的 claude-proxy。', advice: '请升级这台服务器。' },
		failed: { title: '服务器处理失败。', advice: '日志里按请求编号可以查到详情。' },
		offline: { title: '连接不到服务器。', advice: '它还在运行吗？' },
		timeout: { title: '服务器太久没有回答。', advice: '请重试。' },
		foreign: { title: '回答的不是 claude-proxy。', advice: '请检查浏览器和服务器之间还有什么。' },
	},
} satisfies Messages['errors']
