/** What a client needs to know of this proxy. */
export interface Connection {
	/** Without `/v1`: clients add it. */
	baseUrl: string
	/** A client's access key, or the words that stand for it. */
	accessKey: string
	/** Names to ask for instead of Claude's own, by tier; empty where the model map of the upstream does that. */
	models?: Readonly<Record<string, string>>
	/** Turns off what Claude Code reports and asks elsewhere. */
	quiet?: boolean
}

/** Stands for an access key that is not shown. */
export const accessKeyPlaceholder = '<the access key>'

/** Of Claude Code: names that stand for its tiers. */
const tierVariables = {
	opus: 'ANTHROPIC_DEFAULT_OPUS_MODEL',
	sonnet: 'ANTHROPIC_DEFAULT_SONNET_MODEL',
	haiku: 'ANTHROPIC_DEFAULT_HAIKU_MODEL',
} as const

/** What else Claude Code would send to others than this proxy. */
const quietVariables = {
	DISABLE_TELEMETRY: '1',
	DISABLE_ERROR_REPORTING: '1',
	CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
}

/**
 * The environment that makes Claude Code, and whatever else follows ANTHROPIC_BASE_URL, use the proxy.
 * https://docs.claude.com/en/docs/claude-code/settings#environment-variables
 */
export function listVariables({ baseUrl, accessKey, models, quiet }: Connection): Record<string, string> {
	const tiers = Object.entries(tierVariables).flatMap(([tier, name]) => {
		const model = models?.[tier]
		return model === undefined ? [] : [[name, model] as const]
	})
	return {
		ANTHROPIC_BASE_URL: toClientUrl(baseUrl),
		ANTHROPIC_AUTH_TOKEN: accessKey,
		...Object.fromEntries(tiers),
		...(quiet && quietVariables),
	}
}

/** Clients add `/v1/messages`: a `/v1` of ours would be called twice. */
export function toClientUrl(baseUrl: string): string {
	return baseUrl
		.trim()
		.replace(/\/{1,20}$/, '')
		.replace(/\/v1$/, '')
}
