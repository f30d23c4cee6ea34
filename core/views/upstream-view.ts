import { z } from 'zod'
import { hidden, redactUrl } from '../config/redact.ts'
import { strategySchema, type UpstreamConfig, upstreamFields } from '../config/upstream.ts'
import { findAdapter } from '../upstreams/registry.ts'
import { type KeyViewSource, keyViewSchema, toKeyView } from './key-view.ts'
import { judgeUpstream, upstreamStates } from './states.ts'

/** Each field of the configuration as it is answered: a field that the schema gains is an error here until shown. */
const configFields = {
	name: upstreamFields.name,
	type: upstreamFields.type,
	baseUrl: z.string().meta({ description: 'Passwords and keys in it are hidden.' }),
	description: upstreamFields.description,
	website: z.string(),
	insecureSkipVerify: upstreamFields.insecureSkipVerify,
	modelMap: upstreamFields.modelMap,
	extraHeaders: z
		.record(z.string(), z.string())
		.meta({ description: `Values are never told: ${hidden}.`, example: { 'x-team': hidden } }),
	proxyUrl: z.string().meta({ description: 'Its password is hidden.' }),
	authStyle: upstreamFields.authStyle,
	timeoutMs: upstreamFields.timeoutMs,
	maxConcurrent: upstreamFields.maxConcurrent,
	keyConcurrent: upstreamFields.keyConcurrent,
	firstContentMs: upstreamFields.firstContentMs,
	enabled: upstreamFields.enabled,
} satisfies Record<keyof UpstreamConfig, z.ZodType>

export const upstreamViewSchema = z
	.object({
		id: z.string().meta({ example: 'up_3f9c2a7d5b1e4f60' }),
		...configFields,
		position: z.int().meta({ description: 'Display order.' }),
		createdAt: z.int().meta({ description: 'Epoch ms.' }),
		current: z.boolean().meta({ description: 'Whether it answers requests.' }),
		state: z.enum(upstreamStates),
		cooldownUntil: z.int().meta({
			description: 'When its first key is ready again, epoch ms; 0 unless all that could be sent cool.',
		}),
		calls: z.string().meta({
			description: 'The URL that is called; empty for a type that this version does not know.',
			example: 'https://api.openai.com/v1/chat/completions',
		}),
		keys: z.array(keyViewSchema).meta({ description: 'In order.' }),
		learnedFacts: z.int().meta({ description: 'How many facts refusals taught about its models.' }),
	})
	.meta({ id: 'UpstreamView' })

export type UpstreamView = z.infer<typeof upstreamViewSchema>

export const configViewSchema = z
	.object({
		revision: z.int(),
		strategy: strategySchema,
		currentUpstreamId: z.string().nullable(),
		upstreams: z.array(upstreamViewSchema).meta({ description: 'In display order.' }),
	})
	.meta({ id: 'ConfigView' })

export type ConfigView = z.infer<typeof configViewSchema>

/** An upstream as the database layer reads it. */
export interface UpstreamViewSource extends UpstreamConfig {
	id: string
	position: number
	createdAt: number
	keys: readonly KeyViewSource[]
	learnedFacts?: number
}

export interface ConfigViewSource {
	revision: number
	/** Database clock when it was read. */
	now: number
	strategy: ConfigView['strategy']
	currentUpstreamId: string | undefined
	upstreams: readonly UpstreamViewSource[]
}

/** What may be shown of a configuration: no secret is in it. */
export function toConfigView(config: ConfigViewSource): ConfigView {
	const { revision, strategy, currentUpstreamId = null } = config
	const upstreams = config.upstreams.map(upstream => toUpstreamView(upstream, config))
	return { revision, strategy, currentUpstreamId, upstreams }
}

export function toUpstreamView(
	upstream: UpstreamViewSource,
	{ now, currentUpstreamId }: Pick<ConfigViewSource, 'now' | 'currentUpstreamId'>,
): UpstreamView {
	const current = upstream.id === currentUpstreamId
	const { id, position, createdAt, learnedFacts = 0 } = upstream
	return {
		id,
		...hideConfig(upstream),
		...{ position, createdAt, current },
		...judgeUpstream(upstream, { now, current }),
		calls: describeCall(upstream) ?? '',
		keys: upstream.keys.map(key => toKeyView(key, now)),
		learnedFacts,
	}
}

/** Header values, and what URLs carry besides their address, may be secrets. */
function hideConfig(upstream: UpstreamConfig): UpstreamConfig {
	const { name, type, baseUrl, description, website, insecureSkipVerify, modelMap } = upstream
	const { extraHeaders, proxyUrl, authStyle, timeoutMs, maxConcurrent, enabled } = upstream
	const { keyConcurrent, firstContentMs } = upstream
	return {
		...{
			name,
			type,
			description,
			insecureSkipVerify,
			modelMap,
			authStyle,
			timeoutMs,
			maxConcurrent,
			keyConcurrent,
			firstContentMs,
			enabled,
		},
		baseUrl: redactUrl(baseUrl),
		website: redactUrl(website),
		proxyUrl: redactUrl(proxyUrl),
		extraHeaders: Object.fromEntries(Object.keys(extraHeaders).map(header => [header, hidden])),
	}
}

/** The URL of a message; `<model>` where the type has the model in it. Undefined for a type that this version lacks. */
export function describeCall(
	upstream: { type: string; baseUrl: string },
	model = '<model>',
): string | undefined {
	const url = findAdapter(upstream.type)?.messagesUrl(upstream.baseUrl, { model, stream: false })
	return url === undefined ? undefined : redactUrl(url).replace(/%3Cmodel%3E/i, '<model>')
}
