import { refuse } from './errors.ts'
import type { MessagesRequest } from './schema.ts'

/** Values of `anthropic-beta` that are known: the SDK's list and what Claude Code sends beside it. */
const knownBetas = new Set(
	`advanced-tool-use-2025-11-20 advisor-tool-2026-03-01 cache-diagnosis-2026-04-07 claude-code-20250219
	code-execution-2025-05-22 code-execution-2025-08-25 compact-2026-01-12 compact-2026-09-04 computer-use-2025-01-24
	computer-use-2025-11-24 context-1m-2025-08-07 context-management-2025-06-27 dev-full-thinking-2025-05-14
	effort-2025-11-24 extended-cache-ttl-2025-04-11 fast-mode-2026-02-01 files-api-2025-04-14
	fine-grained-tool-streaming-2025-05-14 inline-tools-2026-09-15 interleaved-thinking-2025-05-14
	mcp-client-2025-04-04 mcp-client-2025-11-20 mcp-client-2026-09-15 message-batches-2024-09-24
	message-threads-2026-08-12 mid-conversation-output-config-2026-07-01 mid-conversation-system-2026-04-07
	mid-conversation-system-clear-at-2026-08-21 mid-conversation-tool-changes-2026-07-01
	model-context-window-exceeded-2025-08-26 output-128k-2025-02-19 output-300k-2026-03-24 pdfs-2024-09-25
	per-turn-control-2026-07-01 prompt-caching-2024-07-31 prompt-caching-scope-2026-01-05 redact-thinking-2026-02-12
	server-side-fallback-2026-07-01 skills-2025-10-02 structured-outputs-2025-11-13 structured-outputs-2025-12-15
	task-budgets-2026-03-13 thinking-binding-controls-2026-08-01 thinking-display-updates-2026-08-18
	fallback-credit-2026-06-01 thinking-token-count-2026-05-13 token-counting-2024-11-01 token-efficient-tools-2025-02-19
	web-fetch-2025-09-10 web-search-2025-03-05`.split(/\s+/),
)

export function readBetas(header: string | undefined): string[] {
	return (header ?? '')
		.split(',')
		.map(value => value.trim())
		.filter(value => value !== '')
}

/** https://docs.anthropic.com/en/api/beta-headers: an unknown beta is refused, a beta member needs its header. */
export function checkBetas(body: MessagesRequest, betas: readonly string[]): void {
	const unknown = betas.filter(beta => !knownBetas.has(beta))
	if (unknown.length > 0) {
		const quoted = unknown.map(beta => `\`${beta}\``).join(', ')
		throw refuse(
			`Unexpected value(s) ${quoted} for the \`anthropic-beta\` header. Please consult our documentation at docs.claude.com or try again without the header.`,
		)
	}
	const has = (...starts: string[]) => betas.some(beta => starts.some(start => beta.startsWith(start)))
	const demand = (path: string, value: unknown, ...starts: string[]) => {
		if (value != null && !has(...starts)) throw refuse(`${path}: Extra inputs are not permitted`)
	}
	demand('context_management', body.context_management, 'context-management-', 'compact-')
	demand('mcp_servers', body.mcp_servers, 'mcp-client-')
	demand('thread', body.thread, 'message-threads-')
	demand('output_format', body.output_format, 'structured-outputs-')
	demand('output_config.task_budget', body.output_config?.task_budget, 'task-budgets-')
	for (const [index, message] of body.messages.entries()) {
		const path = `messages.${index}`
		if (message.role !== 'system') {
			demand(`${path}.output_config`, message.output_config, 'no role but system has it')
			demand(`${path}.clear_at`, message.clear_at, 'no role but system has it')
		}
		demand(
			`${path}.output_config`,
			message.output_config,
			'per-turn-control-',
			'mid-conversation-output-config-',
		)
		demand(`${path}.clear_at`, message.clear_at, 'mid-conversation-system-clear-at-')
	}
	if (body.thinking?.display === 'updates' && !has('thinking-display-updates-')) {
		throw refuse(`thinking.${body.thinking.type}.display: Input should be 'summarized' or 'omitted'`)
	}
}
