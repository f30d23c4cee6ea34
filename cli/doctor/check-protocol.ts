import { describeFact } from '../../core/config/learned-facts.ts'
import { explainModel } from '../../core/config/model-map.ts'
import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import type { Message } from '../../core/messages/events.ts'
import { gatherMessage } from '../../core/messages/gather-message.ts'
import type { Note } from '../../core/messages/notes.ts'
import { countTokens } from '../../core/proxy/count-tokens.ts'
import type { CheckTools, Verdict } from '../../core/proxy/protocol-check/check.ts'
import { type CheckResult, runProtocolChecks } from '../../core/proxy/protocol-check/run-checks.ts'
import { askUpstream } from '../ask-messages.ts'
import type { ConfigSession } from '../config-session.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { carelessHealth, type UpstreamAccess } from '../upstream-access.ts'
import { type Finding, inArea } from './finding.ts'

export interface CheckedUpstream {
	upstreamId: string
	upstreamName: string
	model: string
	results: CheckResult[]
	/** What its refusals taught, and is remembered from now on. */
	learned: string[]
}

/** The name that most clients ask for. */
const usualModel = 'claude-sonnet-5-5'

/**
 * Runs every check against an upstream: real requests, by the way of clients' requests. What refusals teach is
 * remembered, as it would be of clients' requests; keys do not cool.
 */
export async function checkProtocol(
	session: ConfigSession,
	access: UpstreamAccess,
	{ upstream, model: probed }: { upstream: UpstreamSnapshot; model: string },
	options: { model?: string | undefined; signal: AbortSignal; onBegin(title: string): void },
): Promise<CheckedUpstream> {
	const mapped = explainModel(usualModel, upstream.modelMap).rule !== 'none'
	const model = options.model ?? (mapped ? usualModel : probed)
	const before = await listFacts(session, upstream.id)
	const results = await runProtocolChecks(createTools(access, upstream, model, options.signal), {
		...{ clock: access.services.clock, signal: options.signal },
		onBegin: ({ title }) => options.onBegin(title),
	})
	await access.flush()
	const after = await listFacts(session, upstream.id)
	const learned = [...after].filter(fact => !before.has(fact))
	return { upstreamId: upstream.id, upstreamName: upstream.name, model, results, learned }
}

function createTools(
	access: UpstreamAccess,
	upstream: UpstreamSnapshot,
	model: string,
	signal: AbortSignal,
): CheckTools {
	let notes: readonly Note[] = []
	const services: UpstreamAccess['services'] = {
		...access.services,
		keyHealth: carelessHealth,
		record(finished) {
			notes = finished.notes
		},
	}
	const { snapshot } = access
	return {
		model,
		async ask(body, more = {}) {
			notes = []
			const both = more.signal ? AbortSignal.any([signal, more.signal]) : signal
			const { onEvent } = more
			const asked = { body, signal: both, ...(onEvent && { onEvent }) }
			const answer = await askUpstream({ services, snapshot }, upstream.id, asked)
			const whole = answer.status === 200 ? (answer.json as Message | undefined) : undefined
			return { ...answer, message: whole ?? gatherMessage(answer.events), notes }
		},
		async count(body) {
			const answer = await countTokens(
				services,
				{
					...{ method: 'POST', path: '/v1/messages/count_tokens', query: '', requestId: 'req_check', signal },
					headers: { 'anthropic-version': '2023-06-01' },
					body: new TextEncoder().encode(JSON.stringify(body)),
				},
				{ ...snapshot, currentUpstreamId: upstream.id },
			)
			if (answer?.status !== 200) return undefined
			const text = typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body)
			const { input_tokens: tokens } = JSON.parse(text) as { input_tokens: number }
			const source = answer.headers['x-claude-proxy-token-count'] === 'upstream' ? 'upstream' : 'estimate'
			return { tokens, source }
		},
	}
}

async function listFacts({ repository }: ConfigSession, upstreamId: string): Promise<ReadonlySet<string>> {
	const facts = await repository.listFacts(upstreamId)
	return new Set(facts.map(({ model, fact }) => `${model}: ${describeFact(fact).detail}`))
}

const levels: Record<Verdict, Finding['level']> = {
	ok: 'ok',
	partly: 'warn',
	no: 'warn',
	failed: 'fail',
	skipped: 'skip',
}

export function describeChecked({ upstreamName, results, learned }: CheckedUpstream): Finding[] {
	const area = `protocol ${upstreamName}`
	return [
		...results.map(({ title, verdict, detail, ms }): Finding => {
			const more = detail === '' ? '' : `: ${toOneLine(detail)}`
			return { area, level: levels[verdict], text: `${title} (${ms} ms)${more}` }
		}),
		...learned.map(fact => inArea(area).ok(`learned of ${toOneLine(fact)}`)),
	]
}
