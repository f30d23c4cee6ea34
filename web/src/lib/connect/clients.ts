import type { ConnectFormat } from '../../../../core/connect/snippets.ts'

/** What is connected, and the forms in which it can be told where to send its requests. */
export const clients = ['claude-code', 'shell', 'vscode', 'sdk', 'curl'] as const
export type Client = (typeof clients)[number]

/** Names of products are the same in every language. */
export const clientNames: Readonly<Record<Exclude<Client, 'shell'>, string>> = {
	'claude-code': 'Claude Code',
	vscode: 'VS Code',
	sdk: 'SDK',
	curl: 'curl',
}

interface Form {
	format: ConnectFormat
	/** Where it goes; the same in every language. */
	caption: string
}

export const formsOf: Readonly<Record<Client, readonly Form[]>> = {
	'claude-code': [{ format: 'claude-code', caption: '~/.claude/settings.json' }],
	shell: [
		{ format: 'env', caption: 'bash, zsh' },
		{ format: 'fish', caption: 'fish' },
		{ format: 'powershell', caption: 'PowerShell' },
		{ format: 'cmd', caption: 'cmd.exe' },
	],
	vscode: [{ format: 'vscode', caption: 'VS Code: settings.json' }],
	sdk: [
		{ format: 'sdk', caption: 'TypeScript' },
		{ format: 'python', caption: 'Python' },
	],
	curl: [{ format: 'curl', caption: 'curl' }],
}

/** The client that the address asks for. */
export const readClient = (params: Pick<URLSearchParams, 'get'>): Client =>
	clients.find(client => client === params.get('client')) ?? 'claude-code'

/** Those that follow Claude Code's environment variables. */
export const followsVariables = (client: Client) => client !== 'sdk' && client !== 'curl'

export interface TierModels {
	opus?: string
	sonnet?: string
	haiku?: string
}

/** The models that the current upstream is asked for, by the tiers that clients know. */
export function readTierModels(modelMap: Readonly<Record<string, string>> | undefined): TierModels {
	const tiers = ['opus', 'sonnet', 'haiku'] as const
	const found = tiers.flatMap(tier => (modelMap?.[tier] ? [[tier, modelMap[tier]] as const] : []))
	return Object.fromEntries(found)
}

/** Whether an upstream runs on this computer or beside it. */
export function isLocal(baseUrl: string): boolean {
	const host = URL.parse(baseUrl)?.hostname ?? ''
	return (
		/^(?:localhost|host\.docker\.internal|\[::1\]|0\.0\.0\.0)$|\.local$/.test(host) ||
		/^(?:127|10)\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host)
	)
}
