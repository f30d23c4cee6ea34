import type { Piece } from '../shared/content.ts'
import type { ContentPart } from './wire.ts'

function toPart(piece: Piece): ContentPart {
	switch (piece.kind) {
		case 'text':
			return { type: 'text', text: piece.text }
		case 'file':
			return { type: 'file', file: { filename: piece.filename, file_data: piece.data } }
		default:
			return { type: 'image_url', image_url: { url: piece.url } }
	}
}

/** Only text: one string, which every server takes, and the same bytes for a string and for blocks. */
export function toContent(pieces: readonly Piece[]): string | ContentPart[] {
	const texts = pieces.flatMap(piece => (piece.kind === 'text' ? [piece.text] : []))
	return texts.length === pieces.length ? texts.join('\n\n') : pieces.map(toPart)
}
