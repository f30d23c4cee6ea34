import { z } from 'zod'
import { recordingModes } from '../config/recording.ts'
import type { TextPiece } from './body-text.ts'
import type { StoredPayload, StoredRecording } from './describe-recording.ts'

const eventSchema = z.object({
	at: z.int().meta({ description: 'Milliseconds since the request arrived.' }),
	text: z.string(),
})

const payloadSchema = z
	.object({
		method: z.string().optional(),
		url: z.string().optional(),
		status: z.int().optional(),
		contentType: z.string(),
		headers: z.record(z.string(), z.string()),
		bytes: z.int().meta({ description: 'Of the whole, also where only a part was kept.' }),
		truncated: z.boolean(),
		redacted: z.boolean().meta({ description: 'Something secret stood in the body and was masked.' }),
		text: z.string().optional(),
		events: z.array(eventSchema).optional().meta({ description: 'In place of `text`, of an event stream.' }),
	})
	.meta({ id: 'Payload', description: 'A body and its head, without secrets.' })

/** The bodies of a request, as the admin and the CLI show them. */
export const payloadsSchema = z
	.object({
		mode: z.enum(recordingModes).meta({ description: 'How recording was set then.' }),
		clientRequest: payloadSchema,
		upstreamRequest: payloadSchema.nullable().meta({ description: 'Of the last attempt.' }),
		upstreamAnswer: payloadSchema.nullable(),
		clientAnswer: payloadSchema.nullable(),
		attempts: z
			.array(
				z.object({
					at: z.int(),
					upstreamRequest: payloadSchema,
					upstreamAnswer: payloadSchema.nullable(),
					problem: z.string().meta({ description: 'Why there was no answer, or no whole one.' }),
				}),
			)
			.meta({ description: 'The last eight, where there were several; else empty.' }),
	})
	.meta({ id: 'Payloads' })

export type PayloadView = z.output<typeof payloadSchema>
export type PayloadsView = z.output<typeof payloadsSchema>

/** What was stored of a request, as it is shown. Pure. */
export function viewRecording(recording: StoredRecording): PayloadsView {
	const attempts = recording.attempts.map(({ at, request, answer, problem }) => {
		return {
			at,
			upstreamRequest: viewPayload(request),
			upstreamAnswer: answer && viewPayload(answer),
			problem,
		}
	})
	const last = attempts.at(-1)
	return {
		mode: recording.mode,
		clientRequest: viewPayload(recording.request),
		upstreamRequest: last?.upstreamRequest ?? null,
		upstreamAnswer: last?.upstreamAnswer ?? null,
		clientAnswer: recording.answer && viewPayload(recording.answer),
		attempts: attempts.length > 1 ? attempts : [],
	}
}

function viewPayload({ pieces, tail, ...payload }: StoredPayload): PayloadView {
	if (!payload.contentType.includes('event-stream')) {
		return {
			...payload,
			text: joinPieces(pieces) + (tail ? `\n${gap(tail.left)}\n${joinPieces(tail.pieces)}` : ''),
		}
	}
	const events = splitEvents(pieces)
	if (tail) {
		const at = tail.pieces[0]?.[0] ?? 0
		events.push({ at, text: gap(tail.left) }, ...splitEvents(tail.pieces))
	}
	return { ...payload, events }
}

const gap = (left: number) => `… ${left} bytes are left out …`

/** The whole text of a request's body, as far as it was kept. */
export const joinPieces = (pieces: readonly TextPiece[]): string => pieces.map(([, text]) => text).join('')

/** The events of a stream: each is there when its last piece is. Source: https://html.spec.whatwg.org/#event-stream-interpretation */
function splitEvents(pieces: readonly TextPiece[]): { at: number; text: string }[] {
	const events: { at: number; text: string }[] = []
	let rest = ''
	for (const [at, text] of pieces) {
		const parts = (rest + text).split(/(?:\r\n|\r(?!\n)|\n){2,}/)
		rest = parts.pop() ?? ''
		for (const part of parts) if (part !== '') events.push({ at, text: part })
	}
	const last = pieces.at(-1)
	if (rest.trim() !== '' && last) events.push({ at: last[0], text: rest })
	return events
}
