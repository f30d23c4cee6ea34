import {
	argumentsText,
	joinedText,
	piecesOf,
	roughTokens,
	type ScriptedAnswer,
	type ScriptedCitation,
	type ScriptedToolCall,
} from '../script.ts'
import type { Rendered } from '../vendor.ts'
import { generationOf } from './models.ts'

export interface RenderContext {
	model: string
	serial: number
	requestBytes: number
	/** With `alt=sse`; without, the stream is a JSON array. */
	sse: boolean
	/** The request asked for thoughts to be shown. */
	showsThoughts: boolean
	mintSignature(): string
}

/** An answer as generateContent gives it: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse */
export function renderAnswer(answer: ScriptedAnswer, context: RenderContext): Rendered {
	const steps = partsInOrder(answer, context)
	const finish = answer.omitFinish ? undefined : (answer.finish ?? 'STOP')
	const usage = usageUpTo(answer, context)
	const response = (parts: readonly Part[], last: boolean, written: number) => ({
		candidates: [
			{
				content: { parts, role: 'model' },
				...(last && finish !== undefined ? { finishReason: finish } : {}),
				index: 0,
				...(last && answer.citations?.length
					? { groundingMetadata: ground(answer.citations, joinedText(answer.text)) }
					: {}),
			},
		],
		usageMetadata: usage(written, last),
		modelVersion: context.model,
		responseId: `resp${String(context.serial).padStart(20, '0')}`,
	})
	let written = 0
	const chunks = steps.map((part, index) => {
		written += JSON.stringify(part).length
		return response([part], index === steps.length - 1, written)
	})
	if (chunks.length === 0) chunks.push(response([{ text: '' }], true, 0))
	const json = response(joinParts(steps), true, written)
	return { json, frames: context.sse ? chunks.map(frame) : arrayFrames(chunks) }
}

interface Part {
	text?: string
	thought?: boolean
	thoughtSignature?: string
	functionCall?: { name: string; args: unknown; id?: string }
}

function partsInOrder(answer: ScriptedAnswer, context: RenderContext): Part[] {
	const signs = generationOf(context.model) >= 3
	const thoughts = context.showsThoughts ? piecesOf(answer.thinking) : []
	const parts: Part[] = thoughts.map(text => ({ text, thought: true }))
	for (const text of piecesOf(answer.text)) parts.push({ text })
	for (const [index, call] of (answer.toolCalls ?? []).entries()) {
		parts.push({
			functionCall: {
				name: call.name,
				args: argumentsOf(call),
				...(call.id === undefined ? {} : { id: call.id }),
			},
			...(signs && index === 0 ? { thoughtSignature: context.mintSignature() } : {}),
		})
	}
	// Without a call the signature of the turn comes in an empty text part at its end.
	if (signs && !answer.toolCalls?.length) parts.push({ text: '', thoughtSignature: context.mintSignature() })
	return parts
}

/** Gemini's arguments are an object, never text; text that is no JSON object cannot be said here. */
function argumentsOf(call: ScriptedToolCall): unknown {
	return call.args === '' ? {} : JSON.parse(argumentsText(call))
}

/** The parts of the whole answer: pieces of one text are one part. */
function joinParts(parts: readonly Part[]): Part[] {
	const joined: Part[] = []
	for (const part of parts) {
		const last = joined.at(-1)
		const continues = last?.text !== undefined && part.text !== undefined && last.thought === part.thought
		if (!continues) joined.push({ ...part })
		else {
			last.text = `${last.text}${part.text}`
			if (part.thoughtSignature !== undefined) last.thoughtSignature = part.thoughtSignature
		}
	}
	return joined
}

/** Usage grows from chunk to chunk: each one holds the totals so far. */
function usageUpTo(answer: ScriptedAnswer, context: RenderContext) {
	const { usage = {} } = answer
	const input = usage.input ?? Math.ceil(context.requestBytes / 4)
	const thinking = usage.thinking ?? (answer.thinking ? roughTokens(joinedText(answer.thinking)) : 0)
	return (written: number, last: boolean) => {
		const output = last && usage.output !== undefined ? usage.output : Math.ceil(written / 4)
		const candidates = usage.output === undefined ? output : Math.min(output, usage.output)
		return {
			promptTokenCount: input,
			...(candidates > 0 ? { candidatesTokenCount: candidates } : {}),
			totalTokenCount: input + candidates + thinking,
			...(usage.cachedInput ? { cachedContentTokenCount: usage.cachedInput } : {}),
			promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
			...(thinking > 0 ? { thoughtsTokenCount: thinking } : {}),
		}
	}
}

function ground(citations: readonly ScriptedCitation[], text: string) {
	return {
		webSearchQueries: ['scripted query'],
		groundingChunks: citations.map(({ url, title }) => ({ web: { uri: url, title } })),
		groundingSupports: citations.map(({ quote }, index) => {
			const part = quote ?? text
			const before = text.slice(0, Math.max(0, text.indexOf(part)))
			const startIndex = Buffer.byteLength(before)
			return {
				segment: { startIndex, endIndex: startIndex + Buffer.byteLength(part), text: part },
				groundingChunkIndices: [index],
			}
		}),
	}
}

function frame(chunk: unknown): string {
	return `data: ${JSON.stringify(chunk)}\n\n`
}

/** `[{…},\n{…}]`, one element at a time. */
function arrayFrames(chunks: readonly unknown[]): string[] {
	return chunks.map((chunk, index) => {
		const open = index === 0 ? '[' : ',\n'
		const close = index === chunks.length - 1 ? '\n]\n' : ''
		return `${open}${JSON.stringify(chunk, undefined, 2)}${close}`
	})
}
