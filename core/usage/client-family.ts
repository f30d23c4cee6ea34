/** What the user agents of well-known clients begin with; SDKs come last, since clients built on them say more first. */
const families: readonly (readonly [pattern: RegExp, name: string])[] = [
	[/claude-(?:cli|code)\b/i, 'Claude Code'],
	[/claude-vscode|anthropic\.claude-code/i, 'Claude Code for VS Code'],
	[/claude-agent-sdk/i, 'Claude Agent SDK'],
	[/claude[ -]?desktop/i, 'Claude Desktop'],
	[/\bcodex/i, 'Codex'],
	[/\bcursor/i, 'Cursor'],
	[/\broo-?code/i, 'Roo Code'],
	[/\bkilo-?code/i, 'Kilo Code'],
	[/\bcline/i, 'Cline'],
	[/\bopencode/i, 'opencode'],
	[/\bzed\//i, 'Zed'],
	[/\baider/i, 'aider'],
	[/cherry-?studio/i, 'Cherry Studio'],
	[/\blitellm/i, 'LiteLLM'],
	[/^anthropic\/js\b|anthropic-typescript/i, 'Anthropic SDK (TypeScript)'],
	[/^(?:async)?anthropic\/python\b/i, 'Anthropic SDK (Python)'],
	[/^anthropic\/(\w+)/i, 'Anthropic SDK'],
	[/^curl\//i, 'curl'],
	[/^python-(?:requests|httpx)|^python\/|aiohttp/i, 'Python'],
	[/^(?:node|undici|axios|node-fetch)\b/i, 'Node.js'],
	[/^go-http-client/i, 'Go'],
	[/^mozilla\//i, 'browser'],
]

/** The kind of client that a user agent names, for people; the product's own name where it is not a known one. */
export function nameClient(userAgent: string): string {
	const known = families.find(([pattern]) => pattern.test(userAgent))
	if (known) return known[1]
	return /^[\w.-]{1,40}/.exec(userAgent)?.[0] ?? ''
}
