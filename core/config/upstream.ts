import { z } from 'zod'
import { extraHeadersSchema } from './header-rules.ts'
import { beginsLikeKey, hidden } from './redact.ts'

/**
 * An upstream as people configure it. This schema is the only description: database rows, admin API, CLI flags,
 * import and export are checked by it. The type is text here; the registry of upstream types validates it.
 */
export const authStyles = ['auto', 'x-api-key', 'bearer'] as const

const httpUrl = z
	.string()
	.trim()
	.max(2048)
	.refine(isHttpUrl, { error: 'must be an http:// or https:// URL' })
	.refine(url => !url.includes(hidden), { error: `must hold what is shown as ${hidden}` })

/** Names show up in commands and logs: printable, no surrounding blanks. */
const nameSchema = z
	.string()
	.trim()
	.min(1, { error: 'must not be empty' })
	.max(100)
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
	.regex(/^[^\u0000-\u001f\u007f]+$/, { error: 'must not contain control characters' })
	.refine(name => !beginsLikeKey(name), { error: 'looks like a key: names are shown and logged' })

const modelName = z.string().trim().min(1).max(200)

/** The fields alone, without defaults. */
export const upstreamFields = {
	name: nameSchema.meta({ description: 'Unique, whatever its case.', example: 'kimi' }),
	type: z.string().trim().min(1).max(40).meta({ example: 'claude' }),
	baseUrl: httpUrl.meta({
		description: 'With or without the version; a trailing `#` stops `/v1` from being added.',
		example: 'https://api.moonshot.cn/anthropic',
	}),
	description: z.string().trim().max(1000),
	website: z.union([z.literal(''), httpUrl]).meta({ description: 'Where keys are made and bills are paid.' }),
	insecureSkipVerify: z.boolean().meta({ description: 'Accept any TLS certificate.' }),
	modelMap: z.record(modelName, modelName).meta({
		description: 'Client’s model (exact, glob, or opus, sonnet, haiku) to the upstream’s, in order.',
		example: { opus: 'kimi-k2', 'claude-*': 'kimi-k2-turbo' },
	}),
	extraHeaders: extraHeadersSchema.meta({
		description: 'Sent with each request; they win over those of the upstream’s type.',
		example: { 'x-team': 'blue' },
	}),
	proxyUrl: z
		.union([z.literal(''), httpUrl])
		.meta({ description: 'Outbound HTTP proxy; empty means the environment’s.' }),
	authStyle: z.enum(authStyles).meta({ description: 'The header that carries the key.' }),
	timeoutMs: z
		.number()
		.int()
		.min(0)
		.max(3_600_000)
		.meta({ description: 'Longest silence in ms; 0 means REQUEST_TIMEOUT.' }),
	maxConcurrent: z
		.number()
		.int()
		.min(0)
		.max(10_000)
		.meta({ description: 'Requests at once; 0 means no limit.' }),
	keyConcurrent: z
		.number()
		.int()
		.min(0)
		.max(10_000)
		.meta({ description: 'Requests at once with each key; 0 means no limit.' }),
	firstContentMs: z
		.number()
		.int()
		.min(0)
		.max(3_600_000)
		.meta({ description: 'Longest wait for a stream’s first content in ms; 0 means FIRST_CONTENT_TIMEOUT.' }),
	enabled: z.boolean().meta({ description: 'False: answers no requests.' }),
}

export const upstreamInputSchema = z.strictObject({
	...upstreamFields,
	description: upstreamFields.description.default(''),
	website: upstreamFields.website.default(''),
	insecureSkipVerify: upstreamFields.insecureSkipVerify.default(false),
	modelMap: upstreamFields.modelMap.default({}),
	extraHeaders: upstreamFields.extraHeaders.default({}),
	proxyUrl: upstreamFields.proxyUrl.default(''),
	authStyle: upstreamFields.authStyle.default('auto'),
	timeoutMs: upstreamFields.timeoutMs.default(0),
	maxConcurrent: upstreamFields.maxConcurrent.default(0),
	keyConcurrent: upstreamFields.keyConcurrent.default(0),
	firstContentMs: upstreamFields.firstContentMs.default(0),
	enabled: upstreamFields.enabled.default(true),
})

/** What is not given stays as it is. */
export const upstreamPatchSchema = z.strictObject(upstreamFields).partial()

export type UpstreamInput = z.input<typeof upstreamInputSchema>
export type UpstreamConfig = z.output<typeof upstreamInputSchema>

function isHttpUrl(text: string): boolean {
	// A trailing # is ours: it stops the version from being added to the path.
	const url = URL.parse(text)
	return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
}

/** An upstream key as typed: one line of printable ASCII, since it travels in a header. */
export const keySecretSchema = z
	.string()
	.trim()
	.min(1, { error: 'must not be empty' })
	.max(4096)
	.regex(/^[\x21-\x7e]+$/, { error: 'must be one word of printable ASCII characters' })

export const strategies = ['failover', 'round-robin', 'random'] as const
export type Strategy = (typeof strategies)[number]
export const strategySchema = z.enum(strategies)
