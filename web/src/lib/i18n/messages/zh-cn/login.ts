import type { Messages } from '../en/index.ts'

export const login = {
	title: '登录',
	heading: '登录 claude-proxy',
	key: '管理密钥',
	keyHint: '也就是 ADMIN_ACCESS_KEY 的值；没有设置它时，用 PROXY_ACCESS_KEY。',
	whereTitle: '在哪里能找到？',
	where:
		'在 claude-proxy 文件夹的 .env 文件里，或部署平台的环境变量里。首次启动时，运行它的电脑也会显示密钥存放的位置。',
	show: '显示密钥',
	hide: '隐藏密钥',
	capsLock: '大写锁定已打开',
	remember: '在这台设备上保持登录',
	rememberHint: '保持 30 天；不勾选则到关闭浏览器为止，最长 12 小时。',
	submit: '登录',
	empty: '请输入密钥。',
	wrong: '密钥不对。请检查后重试。',
	wait: seconds => `尝试次数太多，请在 ${seconds} 秒后再试。`,
	waitOver: '现在可以再试了。',
	away: '连接不到服务器。本页会继续尝试。',
	database: '数据库没有响应，可能无法登录。',
} satisfies Messages['login']
