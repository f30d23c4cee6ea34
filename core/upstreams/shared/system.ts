import type { MessageRequest, TextBlock } from '../../messages/request.ts'

/**
 * Claude Code's first system text names its version and a value that differs per session and side call: with it no
 * prompt cache but Anthropic's ever hits (anthropics/claude-code#68900). It means nothing to other upstreams.
 */
const billingHeader = /^\s*x-anthropic-billing-header\s*:/i

/** The system prompt as one text; empty when there is none. */
export function systemText(system: MessageRequest['system']): string {
	if (typeof system === 'string') return dropBillingLine(system)
	const texts = (system ?? []).filter(block => !billingHeader.test(block.text)).map(block => block.text)
	return texts.filter(text => text.trim() !== '').join('\n\n')
}

/** Text of a message with role `system`: the same bytes whether the client sent a string or blocks. */
export function messageText(content: string | readonly { type: string }[]): string {
	if (typeof content === 'string') return dropBillingLine(content)
	const blocks = content.filter((block): block is TextBlock => block.type === 'text')
	return systemText(blocks)
}

function dropBillingLine(text: string): string {
	if (!billingHeader.test(text)) return text
	const end = text.indexOf('\n', text.search(/\S/))
	return end === -1 ? '' : text.slice(end + 1)
}
