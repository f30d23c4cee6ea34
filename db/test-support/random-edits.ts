import * as fc from '../../test/support/fast-check.ts'
import type { Config, ConfigRepository, ConfigUpstream } from '../index.ts'
import { byCli, upstreamInput } from './samples.ts'

/** One edit of whatever configuration there is: `a` and `b` choose what it is about. */
export interface RandomEdit {
	kind: keyof typeof edits
	a: number
	b: number
}

type Make = (repository: ConfigRepository, config: Config, edit: RandomEdit) => Promise<unknown>

const names = ['kimi', 'glm', 'relay', 'spare', 'KIMI 2']

function pick<Item>(items: readonly Item[], at: number): Item | undefined {
	return items.length === 0 ? undefined : items[at % items.length]
}

const onUpstream =
	(
		make: (repository: ConfigRepository, upstream: ConfigUpstream, edit: RandomEdit) => Promise<unknown>,
	): Make =>
	async (repository, config, edit) => {
		const upstream = pick(config.upstreams, edit.a)
		if (upstream !== undefined) await make(repository, upstream, edit)
	}

/** Rotates the list and leaves out an end of it: those keep their order behind. */
const shuffle = (ids: string[], { a, b }: RandomEdit) =>
	[...ids.slice(a % (ids.length || 1)), ...ids].slice(0, 1 + (b % (ids.length || 1)))

const edits = {
	add: (repository, _, { a, b }) => {
		const secrets = Array.from({ length: b % 4 }, (_, index) => `sk-0123456789abcdef-${a % 3}-${index}`)
		return repository.addUpstream(upstreamInput(pick(names, a)), byCli, secrets)
	},
	remove: onUpstream((repository, { id }) => repository.removeUpstream(id, byCli)),
	rename: onUpstream((repository, { id }, { b }) =>
		repository.updateUpstream(id, { name: pick(names, b) as string }, byCli),
	),
	change: onUpstream((repository, { id }, { b }) => {
		const patch = {
			timeoutMs: b,
			enabled: b % 2 === 0,
			modelMap: { opus: `m${b % 3}` },
			description: `d${b % 2}`,
		}
		return repository.updateUpstream(id, patch, byCli)
	}),
	current: onUpstream((repository, { id }) => repository.setCurrentUpstream(id, byCli)),
	order: (repository, { upstreams }, edit) =>
		repository.orderUpstreams(
			shuffle(
				upstreams.map(({ id }) => id),
				edit,
			).slice(0, upstreams.length),
			byCli,
		),
	strategy: (repository, _, { a }) =>
		repository.setStrategy((['failover', 'random', 'round-robin'] as const)[a % 3]!, byCli),
	addKey: onUpstream((repository, { id }, { b }) =>
		repository.addKeys(id, [`sk-0123456789abcdef-${b % 5}-0`], byCli),
	),
	removeKey: onUpstream(async (repository, { keys }, { b }) => {
		const key = pick(keys, b)
		if (key !== undefined) await repository.removeKey(key.id, byCli)
	}),
	switchKey: onUpstream(async (repository, { keys }, { b }) => {
		const key = pick(keys, b)
		if (key !== undefined) await repository.setKeyEnabled(key.id, !key.enabled, byCli)
	}),
	orderKeys: onUpstream((repository, { id, keys }, edit) =>
		repository.reorderKeys(
			id,
			shuffle(
				keys.map(key => key.id),
				edit,
			).slice(0, keys.length),
			byCli,
		),
	),
	restore: async (repository, config, { a }) => {
		if (config.revision > 0) await repository.restoreRevision(1 + (a % config.revision), byCli)
	},
} satisfies Record<string, Make>

/** Edits at random; those that the configuration refuses (a name that is taken, a revision that is gone) do nothing. */
export const randomEdit: fc.Arbitrary<RandomEdit> = fc.record({
	kind: fc.constantFrom(...(Object.keys(edits) as RandomEdit['kind'][])),
	a: fc.nat({ max: 60 }),
	b: fc.nat({ max: 60 }),
})

export async function makeEdit(repository: ConfigRepository, edit: RandomEdit): Promise<void> {
	try {
		const make: Make = edits[edit.kind]
		await make(repository, await repository.read(), edit)
	} catch (error) {
		const { code } = error as { code?: string }
		if (code !== 'exists' && code !== 'not-found') throw error
	}
}
