import { expect, test } from 'vitest'
import {
	authStyles,
	strategies,
	type UpstreamInput,
	upstreamInputSchema,
} from '../../core/config/upstream.ts'
import { upstreamTypes } from '../../core/upstreams/registry.ts'
import * as fc from '../../test/support/fast-check.ts'
import {
	type Config,
	type ConfigRepository,
	createConfigRepository,
	createKeyRing,
	generateEncryptionKey,
} from '../index.ts'
import { byCli, keyRing } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map(value => value.replaceAll('•', '').trim())
const name = text.map(value => value.replace(/\p{Cc}/gu, '')).filter(value => value.trim() !== '')
const url = fc
	.tuple(
		fc.constantFrom('http', 'https'),
		fc.domain(),
		fc.constantFrom('', '/v1', '/v1#', '/a?key=b', '/%E2%82%AC'),
	)
	.map(([scheme, host, path]) => `${scheme}://${host}${path}`)
const printable = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~!$/+=') })
const token = printable.map(value => value.replace(/[^\w-]/g, '')).filter(value => value !== '')

const upstream: fc.Arbitrary<Required<UpstreamInput>> = fc.record({
	...{ name, type: fc.constantFrom(...upstreamTypes), baseUrl: url, description: text },
	website: fc.oneof(fc.constant(''), url),
	insecureSkipVerify: fc.boolean(),
	modelMap: fc.dictionary(
		name.filter(from => from !== '__proto__' && !/^\d+$/.test(from)),
		name,
		{ maxKeys: 4, noNullPrototype: true },
	),
	extraHeaders: fc.dictionary(
		token.map(value => `x-${value.toLowerCase()}`),
		printable,
		{ maxKeys: 3, noNullPrototype: true },
	),
	proxyUrl: fc.oneof(fc.constant(''), fc.constant('http://user:p%40ss@proxy.example:8080')),
	authStyle: fc.constantFrom(...authStyles),
	...{ timeoutMs: fc.nat(3_600_000), maxConcurrent: fc.nat(10_000), enabled: fc.boolean() },
	...{ keyConcurrent: fc.nat(10_000), firstContentMs: fc.nat(3_600_000) },
})

const configuration = fc.record({
	upstreams: fc.uniqueArray(
		fc.record({
			fields: upstream,
			keys: fc.uniqueArray(
				fc.tuple(printable, fc.uuid()).map(parts => parts.join('')),
				{ maxLength: 4 },
			),
			paused: fc.nat(3),
		}),
		{ maxLength: 4, selector: ({ fields }) => fields.name.normalize('NFKC').toLowerCase() },
	),
	current: fc.nat(3),
	strategy: fc.constantFrom(...strategies),
})
type Configuration = typeof configuration extends fc.Arbitrary<infer Value> ? Value : never

async function build(repository: ConfigRepository, { upstreams, current, strategy }: Configuration) {
	const ids: string[] = []
	for (const { fields, keys, paused } of upstreams) {
		const { id, added } = await repository.addUpstream(fields, byCli, keys)
		ids.push(id)
		const key = added[paused]
		if (key !== undefined) await repository.setKeyEnabled(key.id, false, byCli)
	}
	const id = ids[current]
	if (id !== undefined) await repository.setCurrentUpstream(id, byCli)
	await repository.setStrategy(strategy, byCli)
}

/** All that people configure, ids and order included; not what counts changes or is sealed. */
function toComparable({ strategy, currentUpstreamId, upstreams }: Config) {
	return {
		...{ strategy, currentUpstreamId },
		upstreams: upstreams.map(({ createdAt, position, keys, ...fields }) => ({
			...fields,
			modelMap: Object.entries(fields.modelMap),
			keys: keys.map(({ id, mask, enabled, readable }) => ({ id, mask, enabled, readable })),
		})),
	}
}

describeTargets('an export', target => {
	test('that is sealed, imported into an empty database, is the same configuration', async () => {
		await fc.assert(
			fc.asyncProperty(configuration, fc.constantFrom('sealed', 'plain'), async (given, keys) => {
				const repository = createConfigRepository(await target.fresh(), keyRing)
				await build(repository, given)
				const before = await repository.read()
				const passphrase = 'pässword of a test'
				const { document, warnings } = await repository.exportConfig({
					format: 'claude-proxy',
					keys,
					passphrase,
				})
				expect(warnings).toEqual([])

				const ring = createKeyRing(generateEncryptionKey())
				const other = createConfigRepository(await target.fresh(), ring)
				const options = { mode: 'replace', passphrase } as const
				const made = await other.importConfig(document, options)
				const after = await other.read()
				expect(toComparable(after)).toEqual(toComparable(before))
				expect(after.revision).toBe(made.revision ?? 0)
				expect(after.upstreams.every(fields => upstreamInputSchema.strip().safeParse(fields).success)).toBe(
					true,
				)
				expect(await other.importConfig(document, options)).not.toHaveProperty('revision')
			}),
			{ numRuns: target.kind === 'file' ? 10 : 4 },
		)
	})
})
