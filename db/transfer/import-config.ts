import { maxDocumentLength, type TransferDocument } from '../../core/config/transfer/document.ts'
import { readJson } from '../../core/config/transfer/json-text.ts'
import { readDocument } from '../../core/config/transfer/read-document.ts'
import { createReport, type Report } from '../../core/config/transfer/report.ts'
import { upstreamTypes } from '../../core/upstreams/registry.ts'
import type { ChangeConfig } from '../repositories/change-config.ts'
import type { Change } from '../repositories/changes.ts'
import type { LoadedConfig } from '../repositories/config-load.ts'
import { diffConfigs } from '../repositories/diff-configs.ts'
import { noChange, type Plan } from '../repositories/plans/plan.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { contentEdits } from './content-edits.ts'
import { ImportRefused } from './import-refused.ts'
import type { ImportMode } from './match-upstreams.ts'
import { resolveContent } from './resolve-content.ts'
import { type ImportReview, reviewChanges } from './review.ts'
import { openText } from './sealed-box.ts'

export interface ImportOptions {
	/** `merge`: adds and changes what the file names; `replace`: the configuration becomes the file. */
	mode: ImportMode
	/** For a sealed file. */
	passphrase?: string
	/** Says what would be done, and does nothing. */
	dryRun?: boolean
	/** What was looked at: a change in between is a conflict then. */
	expectedRevision?: number
	message?: string
}

export interface ImportResult {
	/** What the file is. */
	source: Pick<TransferDocument, 'format' | 'keys' | 'exportedAt'> & { sealed: boolean }
	review: ImportReview
	warnings: string[]
	/** That the review is based on. */
	basedOn: number
	/** That was made; absent after a dry run, and when there was nothing to change. */
	revision?: number
}

/** Imports a file's text: one revision for all of it, or none. @throws ImportRefused, with every reason */
export async function importConfig(
	changeConfig: ChangeConfig,
	keyRing: KeyRing,
	text: string,
	options: ImportOptions,
): Promise<ImportResult> {
	const { mode, dryRun, expectedRevision, message } = options
	const { document, sealed, warnings } = await readFileText(text, options.passphrase)
	const meta = {
		...{ author: 'import' as const, ...(message && { message }) },
		...(expectedRevision !== undefined && { expectedRevision }),
	}
	const plan = (config: LoadedConfig) => planImport(config, keyRing, document, mode, warnings)
	const made = await changeConfig(meta, plan, { dryRun })
	const { format, keys, exportedAt } = document
	return {
		source: { format, keys, sealed, ...(exportedAt !== undefined && { exportedAt }) },
		...{ review: made.review, warnings: made.warnings, basedOn: made.basedOn },
		...(made.changed && { revision: made.revision }),
	}
}

function planImport(
	config: LoadedConfig,
	keyRing: KeyRing,
	document: TransferDocument,
	mode: ImportMode,
	warnings: readonly string[],
): Plan<{ review: ImportReview; warnings: string[]; basedOn: number }> {
	const report = createReport()
	for (const warning of warnings) report.warn('', warning)
	const after = resolveContent(config, document, { mode, keyRing, report })
	const changes = [...diffConfigs(config, after), ...findReopened(config, after.upstreams)]
	const review = reviewChanges(changes, after.upstreams)
	const result = { review, warnings: report.warnings, basedOn: config.revision }
	if (changes.length === 0) return { ...noChange, result }
	return { edits: contentEdits(config, after), diff: changes, message: describe(review, document), result }
}

/** Keys that could not be opened any more, and that the file brings back: nothing else of them has changed. */
function findReopened(config: LoadedConfig, after: LoadedConfig['upstreams']): Change[] {
	const old = new Map(config.upstreams.flatMap(({ keys }) => keys.map(key => [key.id, key.secret])))
	return after.flatMap(({ id: upstreamId, name, keys }): Change[] => {
		const reopened = keys.filter(key => old.has(key.id) && old.get(key.id) !== key.secret)
		if (reopened.length === 0) return []
		return [{ kind: 'keys-added', upstreamId, name, keys: reopened.map(({ id, mask }) => ({ id, mask })) }]
	})
}

function describe({ added, changed, removed }: ImportReview, { format }: TransferDocument): string {
	const counts = [
		[added.length, 'added'],
		[changed.length, 'changed'],
		[removed.length, 'removed'],
	] as const
	const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
	const from = format === 'seed' ? 'a config.json' : 'an export'
	return `Imported ${from}: ${said.length === 0 ? 'settings' : `upstreams ${said.join(', ')}`}`
}

/** The document that a text holds, opened and checked. */
async function readFileText(
	text: string,
	passphrase: string | undefined,
): Promise<{ document: TransferDocument; sealed: boolean; warnings: string[] }> {
	const report = createReport()
	const read = readDocument(parse(text), upstreamTypes, report)
	refuseProblems(report)
	if (read === undefined) throw new ImportRefused('document', [])
	if ('document' in read) return { document: read.document, sealed: false, warnings: report.warnings }
	if (passphrase === undefined || passphrase === '') {
		throw refusePassphrase('the file is sealed: give the passphrase it was exported with')
	}
	const opened = await openText(read.sealed, passphrase)
	if (opened === undefined)
		throw refusePassphrase('the passphrase is not the one it was sealed with, or the file is damaged')
	const inner = readDocument(parse(opened), upstreamTypes, report)
	refuseProblems(report)
	if (inner === undefined || 'sealed' in inner) throw new ImportRefused('document', [])
	return { document: inner.document, sealed: true, warnings: report.warnings }
}

function parse(text: string): unknown {
	if (text.length > maxDocumentLength) {
		throw refuseDocument(`longer than ${maxDocumentLength / 1_000_000} million characters`)
	}
	if (text.trim() === '') throw refuseDocument('the file is empty')
	const parsed = readJson(text)
	if (!parsed.ok) throw refuseDocument(`not JSON: ${parsed.reason}`)
	return parsed.value
}

function refuseProblems({ problems }: Report): void {
	if (problems.length > 0) throw new ImportRefused('document', problems)
}

function refuseDocument(message: string): ImportRefused {
	return new ImportRefused('document', [{ path: '', message }])
}

function refusePassphrase(message: string): ImportRefused {
	return new ImportRefused('passphrase', [{ path: 'passphrase', message }])
}
