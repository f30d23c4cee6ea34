import { z } from 'zod'
import { hidden, redactUrl } from '../redact.ts'
import type { UpstreamConfig } from '../upstream.ts'
import type { TransferSource, TransferSourceKey } from './document.ts'
import type { JsonObject } from './read-fields.ts'
import type { Report } from './report.ts'

/** What the first two members of our own files are. */
export const ownFormat = 'claude-proxy'
export const ownVersion = 1

/** What an export holds of the secrets: nothing, all as they are, or everything under a passphrase. */
export const exportedKeys = ['none', 'plain', 'sealed'] as const
export type ExportedKeys = (typeof exportedKeys)[number]

/**
 * A document under a passphrase: scrypt makes the key (https://www.rfc-editor.org/rfc/rfc7914), AES-256-GCM seals the
 * whole document, so that nobody can change a URL in it and be sent the keys. Bytes are base64url. The bounds keep a
 * hostile file from asking for more memory than a small server has.
 */
export const sealedBoxSchema = z.strictObject({
	cipher: z.literal('aes-256-gcm'),
	kdf: z.literal('scrypt'),
	N: z
		.number()
		.int()
		.min(2 ** 10)
		.max(2 ** 17)
		.refine(cost => Number.isInteger(Math.log2(cost)), { error: 'must be a power of two' }),
	r: z.number().int().min(1).max(8),
	p: z.number().int().min(1).max(8),
	salt: bytes(16, 64),
	iv: bytes(16, 16),
	data: z.base64url().min(22),
})
export type SealedBox = z.infer<typeof sealedBoxSchema>

function bytes(min: number, max: number) {
	return z.base64url().min(min).max(max)
}

export interface OwnDocument extends JsonObject {
	format: typeof ownFormat
	version: typeof ownVersion
	exportedAt: string
	keys: ExportedKeys
}

/** Our own file. With `none`, values of headers and passwords within URLs are hidden like the keys. */
export function writeOwn(
	source: TransferSource,
	keys: 'none' | 'plain',
	exportedAt: string,
	report: Report,
): OwnDocument {
	const current = source.upstreams.find(({ id }) => id === source.currentUpstreamId)
	return {
		...{ format: ownFormat, version: ownVersion, exportedAt, keys },
		settings: { ...source.settings, currentUpstream: current?.name ?? null },
		upstreams: source.upstreams.map(({ id, keys: upstreamKeys, ...fields }) => ({
			id,
			...(keys === 'none' ? hideSecrets(fields) : fields),
			keys: upstreamKeys.map(key => writeKey(key, fields.name, keys, report)),
		})),
	}
}

function writeKey(
	key: TransferSourceKey,
	upstream: string,
	keys: 'none' | 'plain',
	report: Report,
): JsonObject {
	const { id, mask, fingerprint, enabled, secret } = key
	if (keys === 'none') return { id, mask, fingerprint, enabled }
	if (secret !== undefined) return { id, mask, enabled, key: secret }
	report.warn(
		'',
		`key ${mask} of ${upstream} cannot be read with the ENCRYPTION_KEY at hand: only its mask is written`,
	)
	return { id, mask, enabled }
}

function hideSecrets(fields: UpstreamConfig): UpstreamConfig {
	return {
		...fields,
		baseUrl: redactUrl(fields.baseUrl),
		website: redactUrl(fields.website),
		proxyUrl: redactUrl(fields.proxyUrl),
		extraHeaders: Object.fromEntries(Object.keys(fields.extraHeaders).map(name => [name, hidden])),
	}
}
