import type { MessageRequest, TextBlock } from '../../messages/request.ts'

/**
 * Claude Code's first system text names its version and a value that differs per session and side call: with it no
 * prompt cache but Anthropic's ever hits (anthropics/claude-code#68900). It means nothing to other upstreams.
 */
const billingHeader = /^\s*x-anthropic-billing-header\s*:/i

/** The system prompt as one text; empty when there is none. */
export function systemText(system: MessageRequest['system']): string {
	return typeof system === 'string' ? dropBillingLine(system) : systemTexts(system).join('\n\n')
}

/** The system prompt as texts, one per block that has any. */
export function systemTexts(system: MessageRequest['system']): string[] {
	if (typeof system === 'string') return [dropBillingLine(system)].filter(isFilled)
	return (system ?? []).map(block => block.text).filter(text => !isBillingHeader(text) && isFilled(text))
}

/** Text of a message with role `system`: the same bytes whether the client sent a string or blocks. */
export function messageText(content: string | readonly { type: string }[]): string {
	if (typeof content === 'string') return dropBillingLine(content)
	const blocks = content.filter((block): block is TextBlock => block.type === 'text')
	return systemText(blocks)
}

export function isBillingHeader(text: string): boolean {
	return billingHeader.test(text)
}

/** A system text that is not cut into blocks has the header as its first line. */
export function dropBillingLine(text: string): string {
	if (!isBillingHeader(text)) return text
	const end = text.indexOf('\n', text.search(/\S/))
	return end === -1 ? '' : text.slice(end + 1)
}

const isFilled = (text: string) => text.trim() !== ''
