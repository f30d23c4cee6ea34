/** The host of a base URL as people paste it, in lower case; empty when it is no URL. */
export function hostOf(baseUrl: string): string {
	return URL.parse(baseUrl.trim())?.hostname.toLowerCase() ?? ''
}

/** OpenAI itself: takes every documented field, which its imitators do not. */
export function isOpenAi(baseUrl: string): boolean {
	const host = hostOf(baseUrl)
	return host === 'api.openai.com' || host.endsWith('.api.openai.com')
}

export function isAzure(baseUrl: string): boolean {
	return /\.(?:openai|services\.ai|cognitiveservices)\.azure\.(?:com|us|cn)$/.test(hostOf(baseUrl))
}

/** Vendors that answer 400 unless `reasoning_content` comes back with its tool calls. */
const reasoningHosts =
	/(?:^|\.)(?:deepseek\.com|moonshot\.(?:cn|ai)|kimi\.com|xiaomimimo\.com|bigmodel\.cn|z\.ai)$/
/** Hosts of such models that refuse the field as unknown. */
const strictHosts = /(?:^|\.)(?:groq\.com|cerebras\.ai|mistral\.ai|googleapis\.com)$/
const reasoningModels = /^(?:deepseek|kimi|moonshot|mimo|glm)[-_.\d]/

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

/** `openai/GPT-5.1` (as routers name it) -> `gpt-5.1`. */
export function plainModel(model: string): string {
	return model.slice(model.lastIndexOf('/') + 1).toLowerCase()
}
