/** Upstreams to start with: one per dialect. The names are suggestions, used again in the key command. */
export const starters = [
	{ id: 'anthropic', name: 'claude-main', type: 'claude', url: 'https://api.anthropic.com' },
	{ id: 'openai', name: 'openai-main', type: 'openai', url: 'https://api.openai.com/v1' },
	{
		id: 'gemini',
		name: 'gemini-main',
		type: 'gemini',
		url: 'https://generativelanguage.googleapis.com/v1beta',
	},
] as const

type Starter = (typeof starters)[number]

const run = (...words: string[]) => `npm run config -- ${words.join(' ')}`

export const commands = {
	add: (starter: Starter) => run('add', starter.name, starter.type, starter.url),
	/** By name, or by its place in the list. */
	addKey: (upstream: string | number) => run('key', String(upstream), 'add', 'YOUR_UPSTREAM_KEY'),
	use: (upstream: string | number) => run('use', String(upstream)),
	show: () => run('show'),
}

/** Stands where the access key goes. This page never has the key itself. */
export const accessKeyPlaceholder = 'YOUR_ACCESS_KEY'

/** For ~/.claude/settings.json. The base URL has no /v1: Claude Code adds it. */
export function claudeCodeSettings(origin: string): string {
	const env = {
		ANTHROPIC_BASE_URL: origin,
		ANTHROPIC_AUTH_TOKEN: accessKeyPlaceholder,
		CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
	}
	return JSON.stringify({ env }, null, 2)
}

export function shellSettings(origin: string): string {
	return [
		`export ANTHROPIC_BASE_URL=${origin}`,
		`export ANTHROPIC_AUTH_TOKEN=${accessKeyPlaceholder}`,
		'claude',
	].join('\n')
}
