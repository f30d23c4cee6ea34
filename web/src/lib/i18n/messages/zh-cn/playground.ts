import type { Messages } from '../en/index.ts'

export const playground = {
	title: '试验场',
	purpose: '向任一渠道发送请求，或只看转换结果。',
	empty: '还没有发送过',
} satisfies Messages['playground']
