import { hostOf, isAzure, isOpenAi, plainModel } from '../shared/hosts.ts'

/** Vendors that answer 400 unless `reasoning_content` comes back with its tool calls. */
const reasoningHosts =
	/(?:^|\.)(?:deepseek\.com|moonshot\.(?:cn|ai)|kimi\.com|xiaomimimo\.com|bigmodel\.cn|z\.ai)$/
/** Hosts of such models that refuse the field as unknown. */
const strictHosts = /(?:^|\.)(?:groq\.com|cerebras\.ai|mistral\.ai|googleapis\.com)$/
const reasoningModels = /^(?:deepseek|kimi|moonshot|mimo|glm)[-_.\d]/

/**
 * Vendors that know the token limit by its old name alone and say nothing of the new one: the answer would end where
 * they want. Source: earendil-works/pi#8018 and #7143, where both were tried.
 */
const oldLimitHosts = /(?:^|\.)(?:deepseek\.com|bigmodel\.cn|z\.ai)$/

export function wantsOldLimit(baseUrl: string): boolean {
	return oldLimitHosts.test(hostOf(baseUrl))
}

const moonshotHosts = /(?:^|\.)(?:moonshot\.(?:cn|ai)|kimi\.com)$/

/** Its models check tools by rules of their own, and others that host them ask it. */
export function isMoonshot(baseUrl: string, model: string): boolean {
	return moonshotHosts.test(hostOf(baseUrl)) || /^(?:kimi|moonshot)[-_]/.test(plainModel(model))
}

/** Gemini, at whatever host: it alone wants its thought signatures back and counts its thinking apart. */
export function isGemini(model: string): boolean {
	return plainModel(model).startsWith('gemini')
}

/**
 * Whether thinking is sent back as `reasoning_content`: others refuse the unknown field.
 * Source: https://api-docs.deepseek.com/guides/thinking_mode, https://platform.moonshot.ai/docs
 */
export function wantsReasoningContent(baseUrl: string, model: string): boolean {
	const host = hostOf(baseUrl)
	if (reasoningHosts.test(host)) return true
	const refuses = strictHosts.test(host) || isOpenAi(baseUrl) || isAzure(baseUrl)
	return !refuses && reasoningModels.test(plainModel(model))
}
