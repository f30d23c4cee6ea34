import { z } from 'zod'
import { beginsLikeKey, hidden } from './redact.ts'

/** What a webhook can be told of. `test` is sent on demand only. */
export const webhookEvents = [
	'keys-cooling',
	'key-demoted',
	'database-away',
	'database-back',
	'error-rate',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Addresses that only a computer's own cloud answers at: nobody's webhook lives there, but its credentials do. */
const metadataHost = /^(?:169\.254\.|\[?fe80:|\[?fd00:ec2:|metadata\.google\.internal$)/i

const webhookUrl = z
	.string()
	.trim()
	.max(2048)
	.refine(text => isWebhookUrl(text), {
		error: 'must be an http:// or https:// URL, and none of a cloud’s metadata service',
	})
	.refine(text => !text.includes(hidden), { error: `must hold what is shown as ${hidden}` })

function isWebhookUrl(text: string): boolean {
	const url = URL.parse(text)
	if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false
	return url.hostname !== '' && !metadataHost.test(url.hostname)
}

const fields = {
	name: z
		.string()
		.trim()
		.min(1)
		.max(100)
		.regex(/^\P{Cc}+$/u, { error: 'must not contain control characters' })
		.refine(name => !beginsLikeKey(name), { error: 'looks like a key: names are shown' }),
	url: webhookUrl.meta({ description: 'Written only: of what is stored, only the host is shown.' }),
	secret: z
		.string()
		.trim()
		.regex(/^(?:whsec_)?[A-Za-z0-9+/=_-]{24,200}$/, {
			error: 'must be base64 of at least 16 bytes, as whsec_… of Standard Webhooks',
		})
		.meta({ description: 'Signs the messages; one is made when there is none.' }),
	events: z
		.array(z.enum(webhookEvents))
		.min(1)
		.meta({ example: ['keys-cooling', 'key-demoted'] }),
	enabled: z.boolean(),
}

export const webhookInputSchema = z.strictObject({
	...fields,
	secret: fields.secret.optional(),
	events: fields.events.default([...webhookEvents]),
	enabled: fields.enabled.default(true),
})

export const webhookPatchSchema = z.strictObject(fields).partial()

export type WebhookInput = z.input<typeof webhookInputSchema>
export type WebhookPatch = z.output<typeof webhookPatchSchema>

/** As it may be shown: scheme and host; paths of chat services are secrets. */
export function showWebhookUrl(text: string): string {
	const url = URL.parse(text)
	if (!url) return hidden
	return url.pathname === '/' && url.search === '' ? url.origin : `${url.origin}/${hidden}`
}
