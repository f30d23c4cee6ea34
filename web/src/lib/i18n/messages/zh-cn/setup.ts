import type { Messages } from '../en/index.ts'

export const setup = {
	title: '初次设置',
	purpose: '从全新的服务器到第一个回答。',
	empty: '这台服务器已经设置好了',
} satisfies Messages['setup']
