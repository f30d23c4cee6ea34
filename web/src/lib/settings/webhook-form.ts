import {
	type WebhookEvent,
	type WebhookInput,
	type WebhookPatch,
	webhookEvents,
	webhookInputSchema,
} from '../../../../core/config/webhook.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

export interface WebhookView {
	id: string
	name: string
	/** Scheme and host. */
	url: string
	events: WebhookEvent[]
	enabled: boolean
	readable: boolean
	lastAt: number
	lastStatus: number
	lastError: string
}

/** As typed. Address and secret are empty where the stored ones stay. */
export interface WebhookDraft {
	name: string
	url: string
	secret: string
	events: WebhookEvent[]
}

export const toDraft = (webhook: WebhookView | undefined): WebhookDraft => ({
	...{ name: webhook?.name ?? '', url: '', secret: '' },
	events: [...(webhook?.events ?? webhookEvents)],
})

export function checkWebhook(
	draft: WebhookDraft,
	isNew: boolean,
	words: Messages['settings']['webhooks'],
): Record<string, string> {
	const url = webhookInputSchema.shape.url.safeParse(draft.url)
	return {
		...(draft.name.trim() === '' && { name: words.noName }),
		...((isNew || draft.url.trim() !== '') && !url.success && { url: words.noUrl }),
		...(draft.events.length === 0 && { events: words.noEvents }),
	}
}

const secretOf = ({ secret }: WebhookDraft) => (secret.trim() === '' ? {} : { secret: secret.trim() })

export const toInput = (draft: WebhookDraft): WebhookInput => ({
	...{ name: draft.name.trim(), url: draft.url.trim(), events: draft.events },
	...secretOf(draft),
})

export const toPatch = (draft: WebhookDraft): WebhookPatch => ({
	...{ name: draft.name.trim(), events: draft.events },
	...(draft.url.trim() !== '' && { url: draft.url.trim() }),
	...secretOf(draft),
})
