import type { Messages } from '../en/index.ts'

export const requests = {
	title: '请求',
	purpose: '每个请求：由谁回答、试了几次、用量多少。',
	empty: '还没有请求',
} satisfies Messages['requests']
