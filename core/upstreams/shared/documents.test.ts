import { expect, test } from 'vitest'
import type { DocumentBlock } from '../../messages/request.ts'
import { toDocument } from './documents.ts'

const options = { files: 'inline', notes: [], toolName: (name: string) => name } as const

test.each([
	['Quarterly report', 'Quarterly report.pdf'],
	['plan v1.2', 'plan v1.2.pdf'],
	['plan.pdf', 'plan.pdf'],
	['PLAN.PDF', 'PLAN.PDF'],
	[' ', 'document.pdf'],
	[null, 'document.pdf'],
])('a PDF titled %j is the file %j: OpenAI tells what it is by its extension', (title, filename) => {
	const source = { type: 'base64', media_type: 'application/pdf', data: 'cGRm' } as const
	const block: DocumentBlock = { type: 'document', source, title }
	expect(toDocument(block, { ...options, notes: [] })).toEqual([
		{ kind: 'file', filename, data: 'data:application/pdf;base64,cGRm' },
	])
})
