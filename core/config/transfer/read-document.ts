import { maxDocumentLength, maxKeys, type TransferDocument } from './document.ts'
import { readJson } from './json-text.ts'
import { type SealedBox, sealedBoxSchema } from './own-format.ts'
import { readWith } from './read-fields.ts'
import { isOurVersion, looksLikeOwn, readOwn } from './read-own.ts'
import { looksLikeSeed, readSeed } from './read-seed.ts'
import type { Report } from './report.ts'

export type ReadDocument = { sealed: SealedBox } | { document: TransferDocument }

/**
 * A parsed file as a document, whichever format it is in. What does not fit goes to the report, with its path; the
 * document is worth nothing then.
 */
export function readDocument(
	value: unknown,
	types: readonly string[],
	report: Report,
): ReadDocument | undefined {
	if (looksLikeOwn(value)) {
		if (value.sealed === undefined) return bound(readOwn(value, types, report), report)
		if (!isOurVersion(value.version, report)) return undefined
		const sealed = readWith(sealedBoxSchema, value.sealed, 'sealed', report)
		return sealed && { sealed }
	}
	if (looksLikeSeed(value)) return bound(readSeed(value, types, report), report)
	report.refuse(
		'',
		'neither an export of claude-proxy ("format") nor a config.json of the original ("upstream")',
	)
	return undefined
}

function bound(document: TransferDocument, report: Report): ReadDocument {
	const count = document.upstreams.reduce((sum, { keys = [] }) => sum + keys.length, 0)
	if (count > maxKeys) report.refuse('', `holds ${count} keys; at most ${maxKeys}`)
	return { document }
}

/** Whether a passphrase is needed for this file. */
export function isSealedText(text: string): boolean {
	if (text.length > maxDocumentLength) return false
	const parsed = readJson(text)
	return parsed.ok && looksLikeOwn(parsed.value) && parsed.value.sealed !== undefined
}
