import { expect, test } from 'vitest'
import { createConfigRepository } from '../db/index.ts'
import { byCli, keyRing, upstreamInput } from '../db/test-support/samples.ts'
import { describeTargets } from '../db/test-support/targets.ts'
import { onTerms } from './based-on.ts'
import { changeUpstream } from './change-upstream.ts'
import type { ConfigSession } from './config-session.ts'

describeTargets('a merged change', target => {
	/** A session in which somebody else changes the description right after the configuration was read, once. */
	async function startSession(terms: Parameters<typeof onTerms>[1]) {
		const database = await target.fresh()
		const own = createConfigRepository(database, keyRing)
		const { id } = await own.addUpstream(upstreamInput('kimi'), byCli)
		let disturbed = false
		const read = async () => {
			const config = await own.read()
			if (!disturbed) await own.updateUpstream(id, { description: 'meanwhile' }, byCli)
			disturbed = true
			return config
		}
		const { repository } = onTerms(own, terms)
		return { session: { repository, read } as ConfigSession, own }
	}
	const addHeader = { merges: true, toPatch: () => ({ extraHeaders: { 'x-team': 'a' } }) }

	test('with a message is worked out anew when somebody else was faster', async () => {
		const { session, own } = await startSession({ message: 'a header' })
		await changeUpstream(session, 'kimi', addHeader)
		const [upstream] = (await own.read()).upstreams
		expect(upstream).toMatchObject({ description: 'meanwhile', extraHeaders: { 'x-team': 'a' } })
		expect((await own.listRevisions({ limit: 1 })).revisions[0]?.message).toBe('a header')
	})

	test('based on a revision is refused then', async () => {
		const { session, own } = await startSession({ expectedRevision: 1 })
		await expect(changeUpstream(session, 'kimi', addHeader)).rejects.toMatchObject({ exitCode: 4 })
		expect((await own.read()).upstreams[0]?.extraHeaders).toEqual({})
	})
})
