import type { Messages } from '../en/index.ts'

export const connect = {
	title: '接入',
	purpose: '让 Claude Code 和其他工具使用这台服务器。',
	claudeCode: '连接 Claude Code',
	why: '把下面的内容写进 ~/.claude/settings.json，或在终端里设置。',
	form: '设置方式',
	settingsFile: 'settings.json',
	shell: '终端',
	accessKey: placeholder =>
		`把 ${placeholder} 换成访问密钥，也就是 claude-proxy 的 .env 文件（或部署平台环境变量）里 PROXY_ACCESS_KEY 的值。它不是渠道的 API 密钥。`,
	otherTools: '其他工具和 SDK 也用这两个值，分别作为基础 URL 和 API 密钥。',
} satisfies Messages['connect']
