import type { HeaderMap } from '../upstreams/contract.ts'

/** Whom a request belongs to when places are few: Claude Code names its session, others are told apart by program. */
export function readOwner(headers: HeaderMap): string {
	return (headers['x-claude-code-session-id'] ?? headers['user-agent'] ?? '').slice(0, 100)
}
