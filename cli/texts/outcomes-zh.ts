import type { ProbeResult } from '../../core/proxy/probe-result.ts'

/** How a test went, by the class of its failure: the words of the admin. */
export const outcomes: Readonly<Record<ProbeResult['class'], string>> = {
	...{ ok: '成功', auth: '密钥被拒', quota: '额度用尽', rate_limit: '请求过频', server: '渠道出错' },
	...{ network: '无法连接', timeout: '超时', client: '请求被拒', moderation: '内容被拒' },
	cancelled: '已取消',
}
