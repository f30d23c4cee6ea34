import type { Messages } from '../en/index.ts'

export const settings = {
	title: '设置',
	purpose: '这个浏览器、代理和它的数据。',
	general: {
		title: '这个浏览器',
		purpose: '保存在本机，不在服务器上。',
		shortcutsHint: '按 ? 查看列表。输入文字时不起作用。',
	},
	about: {
		title: '关于',
		version: '版本',
		uptime: '已运行',
		mode: '模式',
		database: '数据库',
		databaseOk: kind => `已连接（${kind}）`,
		databaseOkPlain: '已连接',
		databaseFailing: '没有响应',
		unknown: '未提供',
		modes: { development: '开发', production: '生产' },
		databases: { file: '本地文件', remote: '远程', turso: 'Turso', http: '远程', memory: '内存' },
	},
} satisfies Messages['settings']
