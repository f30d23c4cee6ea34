import type { Piece } from '../shared/content.ts'
import type { InputPart } from './wire.ts'

export function toPart(piece: Piece): InputPart {
	switch (piece.kind) {
		case 'text':
			return { type: 'input_text', text: piece.text }
		case 'image':
			return { type: 'input_image', image_url: piece.url, detail: 'auto' }
		case 'file':
			return { type: 'input_file', filename: piece.filename, file_data: piece.data }
		case 'file-url':
			return { type: 'input_file', file_url: piece.url }
	}
}
