import type { Messages } from '../en/index.ts'

export const activity = {
	title: '动态',
	purpose: '请求量、用量、延迟和错误随时间的变化。',
	empty: '还没有请求',
} satisfies Messages['activity']
