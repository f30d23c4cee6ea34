import { ApiError } from '../../../lib/api/api-error.ts'
import type { DiffChange } from '../../../lib/components/ui/DiffView.svelte'
import type { Status } from '../../../lib/components/ui/StatusBadge.svelte'

export const statuses: Status[] = [
	'current',
	'ready',
	'degraded',
	'cooling',
	'disabled',
	'no-keys',
	'paused',
	'unreadable',
	'untested',
]

export const sampleError = new ApiError({
	status: 503,
	code: 'database-unavailable',
	message: 'the database cannot be reached',
	requestId: 'req_0f3c9a7d5b1e4f60',
})

export const sampleModels = [
	{ value: 'kimi-k3', label: 'kimi-k3', detail: '256k tokens' },
	{ value: 'kimi-k3-turbo', label: 'kimi-k3-turbo' },
	{ value: 'moonshot-v2', label: 'moonshot-v2' },
]

export const sampleKeys: { mask: string; state: Status; agoMs: number; count: number }[] = [
	{ mask: 'sk-…41c2', state: 'ready', agoMs: 4000, count: 1204 },
	{ mask: 'sk-…77aa', state: 'cooling', agoMs: 720_000, count: 310 },
	{ mask: 'sk-…9f2a', state: 'paused', agoMs: 90_000_000, count: 0 },
]

export const sampleChanges: DiffChange[] = [
	{ kind: 'changed', group: 'kimi', label: 'timeoutMs', before: '0', after: '60000' },
	{ kind: 'added', group: 'kimi', label: 'Key sk-…41c2' },
	{ kind: 'removed', group: 'kimi', label: 'Key sk-…77aa' },
	{ kind: 'changed', group: 'Settings', label: 'Key strategy', before: 'failover', after: 'round-robin' },
]

export const sampleJson = {
	model: 'claude-sonnet-5',
	max_tokens: 1024,
	stream: true,
	headers: { authorization: 'Bearer sk-never-shown' },
	messages: [{ role: 'user', content: [{ type: 'text', text: 'What is the weather in Oslo?' }] }],
	tools: [],
	stop: null,
}
