import { z } from 'zod'

/**
 * An upstream as people configure it. This schema is the only description: database rows, admin API, CLI flags,
 * import and export are checked by it. The type is text here; the registry of upstream types validates it.
 */
export const authStyles = ['auto', 'x-api-key', 'bearer'] as const

const httpUrl = z.string().trim().max(2048).refine(isHttpUrl, { error: 'must be an http:// or https:// URL' })

/** Names show up in commands and logs: printable, no surrounding blanks. */
const nameSchema = z
	.string()
	.trim()
	.min(1, { error: 'must not be empty' })
	.max(100)
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
	.regex(/^[^\u0000-\u001f\u007f]+$/, { error: 'must not contain control characters' })

export const upstreamInputSchema = z.strictObject({
	name: nameSchema,
	type: z.string().min(1),
	baseUrl: httpUrl,
	description: z.string().trim().max(1000).default(''),
	website: z.union([z.literal(''), httpUrl]).default(''),
	insecureSkipVerify: z.boolean().default(false),
	/** Client's model (exact, glob or tier) -> upstream's model, in order. */
	modelMap: z.record(z.string().min(1), z.string().min(1)).default({}),
	extraHeaders: z.record(z.string().min(1), z.string()).default({}),
	/** Outbound HTTP proxy; empty means the environment's. */
	proxyUrl: z.union([z.literal(''), httpUrl]).default(''),
	authStyle: z.enum(authStyles).default('auto'),
	/** Longest silence in ms; 0 means REQUEST_TIMEOUT. */
	timeoutMs: z.number().int().min(0).max(3_600_000).default(0),
	/** Requests at once; 0 means no limit. */
	maxConcurrent: z.number().int().min(0).max(10_000).default(0),
	enabled: z.boolean().default(true),
})

export const upstreamPatchSchema = upstreamInputSchema.partial()

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
