import type { TransferUpstream } from '../../core/config/transfer/document.ts'
import type { LoadedUpstream } from '../repositories/config-load.ts'
import { nameKeyOf } from '../repositories/upstream-columns.ts'

export type ImportMode = 'merge' | 'replace'

/**
 * Which upstream of the configuration each one of a file is. Names say so when files are merged. When the configuration
 * becomes the file, ids do: an upstream that was renamed since is the same one, and its keys keep their health.
 */
export function matchUpstreams(
	given: readonly TransferUpstream[],
	existing: readonly LoadedUpstream[],
	mode: ImportMode,
): Map<TransferUpstream, LoadedUpstream> {
	const byId = new Map(existing.map(upstream => [upstream.id, upstream]))
	const byName = new Map(existing.map(upstream => [nameKeyOf(upstream.name), upstream]))
	const findById = ({ id }: TransferUpstream) => (id === undefined ? undefined : byId.get(id))
	const findByName = ({ fields }: TransferUpstream) => byName.get(nameKeyOf(fields.name))
	const matches = new Map<TransferUpstream, LoadedUpstream>()
	const taken = new Set<LoadedUpstream>()
	for (const find of mode === 'merge' ? [findByName, findById] : [findById, findByName]) {
		for (const upstream of given) {
			const match = matches.has(upstream) ? undefined : find(upstream)
			if (match === undefined || taken.has(match)) continue
			matches.set(upstream, match)
			taken.add(match)
		}
	}
	return matches
}
