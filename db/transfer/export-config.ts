import type { TransferSource } from '../../core/config/transfer/document.ts'
import { type ExportedKeys, ownFormat, ownVersion, writeOwn } from '../../core/config/transfer/own-format.ts'
import { createReport, type Report } from '../../core/config/transfer/report.ts'
import { writeSeed } from '../../core/config/transfer/write-seed.ts'
import { type UpstreamConfig, upstreamInputSchema } from '../../core/config/upstream.ts'
import { DatabaseError } from '../errors.ts'
import type { LoadedConfig } from '../repositories/config-load.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { sealText } from './sealed-box.ts'

export interface ExportOptions {
	/** `claude-proxy`: everything; `seed`: the original's config.json, which has no place for everything. */
	format: 'claude-proxy' | 'seed'
	/** `none`: no secret at all; `plain`: as they are; `sealed`: everything under the passphrase. */
	keys: ExportedKeys
	passphrase?: string
}

export interface ExportResult {
	/** That was exported. */
	revision: number
	/** Indented JSON with a line end. */
	document: string
	/** A name for the file. */
	fileName: string
	warnings: string[]
	upstreamCount: number
	keyCount: number
}

/** @throws DatabaseError invalid, for options that do not go together */
export async function exportConfig(
	config: LoadedConfig,
	keyRing: KeyRing,
	options: ExportOptions,
): Promise<ExportResult> {
	const report = createReport()
	const source = openSource(config, keyRing)
	const document = await writeDocument(source, new Date(config.databaseNow).toISOString(), options, report)
	const day = new Date(config.databaseNow).toISOString().slice(0, 10)
	return {
		revision: config.revision,
		document: `${JSON.stringify(document, null, 2)}\n`,
		fileName: options.format === 'seed' ? 'config.json' : `claude-proxy-${day}.json`,
		warnings: report.warnings,
		upstreamCount: source.upstreams.length,
		keyCount: source.upstreams.reduce((sum, { keys }) => sum + keys.length, 0),
	}
}

async function writeDocument(
	source: TransferSource,
	exportedAt: string,
	{ format, keys, passphrase }: ExportOptions,
	report: Report,
): Promise<object> {
	if (format === 'seed') {
		if (keys !== 'plain')
			throw refuse('format: the original’s format has its keys in plain text, and nothing else')
		return writeSeed(source, report)
	}
	if (keys === 'none') return writeOwn(source, 'none', exportedAt, report)
	const plain = writeOwn(source, 'plain', exportedAt, report)
	if (keys === 'plain') return plain
	if (passphrase === undefined) throw refuse('passphrase: is needed to seal an export')
	const sealed = await sealText(JSON.stringify(plain), passphrase)
	return { format: ownFormat, version: ownVersion, exportedAt, keys, sealed }
}

function openSource(config: LoadedConfig, keyRing: KeyRing): TransferSource {
	const names = Object.keys(upstreamInputSchema.shape) as (keyof UpstreamConfig)[]
	return {
		settings: config.settings,
		currentUpstreamId: config.currentUpstreamId,
		upstreams: config.upstreams.map(upstream => ({
			id: upstream.id,
			...(Object.fromEntries(names.map(name => [name, upstream[name]])) as UpstreamConfig),
			keys: upstream.keys.map(({ id, mask, fingerprint, enabled, secret }) => ({
				...{ id, mask, fingerprint, enabled: enabled !== 0 },
				secret: keyRing.open(secret, id),
			})),
		})),
	}
}

function refuse(message: string): DatabaseError {
	return new DatabaseError('invalid', message)
}
