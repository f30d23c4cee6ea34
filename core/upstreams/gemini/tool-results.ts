import type { ToolResultBlock, ToolResultPart } from '../../messages/request.ts'
import { type PartOptions, toParts } from './parts.ts'
import type { Part } from './wire.ts'

/** A tool's result as Gemini splits it: what fits into functionResponse, and the media that follow it. */
export interface ConvertedResult {
	response: Record<string, unknown>
	media: Part[]
}

/**
 * Text stays text, also when it looks like JSON: the model should see what the tool wrote. Images and PDFs go
 * after the function responses, which every model takes (functionResponse.parts only newer ones do, traps A13).
 */
export function toResult(block: ToolResultBlock, field: string, options: PartOptions): ConvertedResult {
	const parts =
		typeof block.content === 'string' ? [{ text: block.content }] : contentParts(block, field, options)
	const media = parts.filter(part => part.text === undefined)
	const texts = parts.map(part => part.text ?? '[see the attachment below]')
	const text = texts.filter(text => text !== '').join('\n')
	return { response: block.is_error ? { error: text || 'error' } : { result: text }, media }
}

/** An orphan's result: text for the model instead of a response that Gemini would refuse. */
export function toResultText(block: ToolResultBlock, field: string, options: PartOptions): Part[] {
	const { response, media } = toResult(block, field, options)
	const [kind, text] = Object.entries(response)[0] as [string, string]
	return [{ text: `[${kind} of an earlier tool call]\n${text}` }, ...media]
}

function contentParts(block: ToolResultBlock, field: string, options: PartOptions): Part[] {
	const content: ToolResultPart[] = Array.isArray(block.content) ? block.content : []
	return content.flatMap((part, index) => toParts(part, `${field}.content.${index}`, options))
}
