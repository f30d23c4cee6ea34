import type { ContentBlock, CountTokensRequest } from './request.ts'

/** Bytes of UTF-8 JSON per token: English text has about 3.6, Chinese (3 bytes a character) about 2.5. */
const bytesPerToken = 3.6

/** What one image or PDF page costs, roughly: https://docs.anthropic.com/en/docs/build-with-claude/vision */
const tokensPerImage = 1500
const base64PerPdfPage = 60_000

/**
 * A rough count of a request's input tokens from the size of its body. Base64 is counted by the picture, not by
 * the letter. Used until the upstream reports, and where it never does.
 */
export function estimateInputTokens(request: CountTokensRequest, bodyBytes: number): number {
	let textBytes = bodyBytes
	let media = 0
	const visit = (block: ContentBlock): void => {
		if (block.type === 'tool_result' && Array.isArray(block.content)) block.content.forEach(visit)
		if (block.type !== 'image' && block.type !== 'document') return
		if (block.source.type === 'text' || block.source.type === 'content') return
		const data = block.source.type === 'base64' ? block.source.data.length : 0
		textBytes -= data
		media += block.type === 'image' ? 1 : Math.max(1, Math.ceil(data / base64PerPdfPage))
	}
	for (const message of request.messages) {
		if (Array.isArray(message.content)) message.content.forEach(visit)
	}
	return Math.max(1, Math.ceil(textBytes / bytesPerToken) + media * tokensPerImage)
}
