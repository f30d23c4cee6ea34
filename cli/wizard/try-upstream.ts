import type { Snapshot, UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { upstreamInputSchema } from '../../core/config/upstream.ts'
import { maskKey } from '../../core/keys/mask.ts'
import { createModelCatalog } from '../../core/proxy/model-catalog.ts'
import { probeUpstream } from '../../core/proxy/probe.ts'
import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { createBareServices } from '../upstream-access.ts'
import { adapterOf, type UpstreamDraft } from './choose-upstream.ts'
import type { WizardContext } from './context.ts'
import type { Work } from './prompter.ts'

/** More keys are tested by `test` once they are stored. */
const maxTested = 5

export interface Trial {
	ok: boolean
	/** What the upstream lists; empty where it has no list. */
	models: string[]
}

/** Sends the upstream a tiny message with each key. Nothing is stored yet. */
export function tryUpstream(
	context: WizardContext,
	draft: UpstreamDraft,
	keys: readonly string[],
): Promise<Trial> {
	const { ask, texts, environment } = context
	const upstream = toSnapshot(draft, keys)
	const { services, close } = createBareServices(environment)
	const tested = upstream.keys.slice(0, maxTested)
	return ask.work(texts.test.running(tested[0]?.mask ?? ''), async work => {
		try {
			const results: ProbeResult[] = []
			for (const { id, mask } of tested) {
				work.update(texts.test.running(mask))
				results.push(await probeUpstream(services, upstream, { keyId: id, signal: work.signal }))
			}
			const models = await listModels(services, upstream, draft)
			return report(context, work, results, { models, untested: upstream.keys.length - tested.length })
		} finally {
			close()
		}
	})
}

function report(
	{ texts }: WizardContext,
	work: Work,
	results: readonly ProbeResult[],
	{ models, untested }: { models: string[]; untested: number },
): Trial {
	const ok = results.length > 0 && results.some(result => result.ok)
	const lines = results.map(result => describeResult(texts, result))
	const more = [
		...(untested > 0 ? [texts.test.untested(untested)] : []),
		...(models.length > 0 ? [texts.test.models(models.length)] : []),
	]
	work.done([...lines, ...more].join('\n'), ok)
	return { ok, models }
}

function describeResult(texts: WizardContext['texts'], result: ProbeResult): string {
	const { ok, keyMask, status, totalMs, message, model, answeredModel } = result
	if (ok) return `${keyMask}  ${status}  ${texts.test.ok(totalMs, answeredModel ?? model)}`
	const problem = texts.test.problem(result.class, toOneLine(message).slice(0, 200))
	return `${keyMask}  ${status === 0 ? '' : `${status}  `}${problem}`
}

async function listModels(
	services: Parameters<typeof createModelCatalog>[0],
	upstream: UpstreamSnapshot,
	draft: UpstreamDraft,
): Promise<string[]> {
	const adapter = adapterOf(draft)
	if (!adapter) return []
	const snapshot: Snapshot = {
		...{ revision: 0, stateVersion: 0, strategy: 'failover' },
		...{ currentUpstreamId: upstream.id, upstreams: [upstream] },
	}
	const { models = [] } = await createModelCatalog(services).list(snapshot, upstream, adapter)
	return models.map(({ id }) => id)
}

/** As the proxy would see it, were it stored. */
function toSnapshot(draft: UpstreamDraft, keys: readonly string[]): UpstreamSnapshot {
	const { name, type, baseUrl, modelMap, authStyle } = draft
	return {
		...upstreamInputSchema.parse({ name, type, baseUrl, modelMap, authStyle }),
		id: 'draft',
		keys: keys.map((secret, index) => ({
			...{ id: `draft-${index}`, secret, mask: maskKey(secret), enabled: true, health: new Map() },
		})),
	}
}
