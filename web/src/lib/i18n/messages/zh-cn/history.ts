import type { Messages } from '../en/index.ts'

export const history = {
	title: '历史',
	purpose: '配置的每一次改动，以及如何恢复。',
	empty: '还没有改动',
} satisfies Messages['history']
