import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { checkCost } from '../../core/proxy/protocol-check/run-checks.ts'
import { readNewestTime } from '../../db/index.ts'
import type { CommandCall } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { type FoundEnvironment, findEnvironment } from '../environment.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findUpstream } from '../find-upstream.ts'
import { openUpstreamAccess, type UpstreamAccess } from '../upstream-access.ts'
import { checkClaudeCode, checkPort } from './check-client.ts'
import { compareWithServer, compareWithStored } from './check-clock.ts'
import { checkConfig } from './check-config.ts'
import { checkContents, checkLocking, lookAtDatabase } from './check-database.ts'
import { checkProgram } from './check-program.ts'
import { type CheckedUpstream, checkProtocol, describeChecked } from './check-protocol.ts'
import { probeAll } from './check-upstreams.ts'
import { checkVercel } from './check-vercel.ts'
import { type Finding, inArea } from './finding.ts'

export interface Diagnosis {
	findings: Finding[]
	/** What `--fix` did. */
	repaired: string[]
	checked: CheckedUpstream[]
}

/** Looks at everything, in the order in which trouble builds on trouble. */
export async function examine(call: CommandCall, signal: AbortSignal): Promise<Diagnosis> {
	const found = await findEnvironment()
	const offline = call.options.has('offline')
	const findings = await checkProgram(found)
	const repaired = await repair(call, findings)
	const { usable, solved, more } = await examineDatabase(call, found, offline)
	repaired.push(...solved)
	findings.push(...more, ...(await checkAround(found)))
	if (!usable) return { findings, repaired, checked: [] }
	const session = await call.openSession()
	const readAt = Date.now()
	const config = await session.read()
	findings.push(
		session.database.location === 'file'
			? compareWithStored(await readNewestTime(session.database))
			: compareWithServer(config.now, readAt),
	)
	const aboutConfig = checkConfig(config, session)
	repaired.push(...(await repair(call, aboutConfig)))
	findings.push(...aboutConfig)
	if (offline) return { findings, repaired, checked: [] }
	const asked = await examineUpstreams(call, session, signal)
	return { findings: [...findings, ...asked.findings], repaired, checked: asked.checked }
}

async function examineDatabase(call: CommandCall, found: FoundEnvironment, offline: boolean) {
	const { findings, database, usable } = await lookAtDatabase(found, { offline })
	try {
		if (usable && database?.location === 'file') findings.push(await checkLocking(database))
		const solved = await repair(call, findings)
		const contents = usable && database?.location === 'file' ? await checkContents(database) : []
		// Keys are sealed with a secret that is still to be made: a session would make it.
		const opens = (usable || solved.length > 0) && found.missing.length === 0
		return { usable: opens, solved, more: [...findings, ...contents] }
	} finally {
		database?.close()
	}
}

async function checkAround(found: FoundEnvironment): Promise<Finding[]> {
	return [await checkPort(found), ...(await checkClaudeCode(found)), ...(await checkVercel(found))]
}

/** A finding that is solved is none any more. */
async function repair({ options }: CommandCall, findings: Finding[]): Promise<string[]> {
	if (!options.has('fix')) return []
	const done: string[] = []
	for (const finding of findings) {
		if (!finding.repair || finding.level === 'ok') continue
		done.push(await finding.repair())
		finding.level = 'ok'
	}
	return done
}

async function examineUpstreams(call: CommandCall, session: ConfigSession, signal: AbortSignal) {
	const access = await openUpstreamAccess(session)
	try {
		const enabled = access.snapshot.upstreams.filter(({ enabled, keys }) => enabled && keys.length > 0)
		const chosen = await chooseLive(call, session, access, enabled)
		tell(call, call.texts.doctor.asking(enabled.length))
		const { findings, answering } = await probeAll(access, enabled, signal)
		const checked: CheckedUpstream[] = []
		for (const one of answering) {
			if (!chosen.includes(one.upstream) || signal.aborted) continue
			checked.push(
				await checkProtocol(session, access, one, {
					...{ model: call.options.text('model'), signal },
					onBegin: title => tell(call, call.texts.doctor.checking(one.upstream.name, title)),
				}),
			)
		}
		const missed = chosen.filter(upstream => !answering.some(one => one.upstream === upstream))
		const skips = missed.map(({ name }) => inArea(`protocol ${name}`).skip('not tried: it does not answer'))
		return { findings: [...findings, ...checked.flatMap(describeChecked), ...skips], checked }
	} finally {
		access.close()
	}
}

/** Which upstreams get all the checks. They cost something: a terminal is asked first. */
async function chooseLive(
	call: CommandCall,
	session: ConfigSession,
	{ snapshot }: UpstreamAccess,
	enabled: readonly UpstreamSnapshot[],
): Promise<UpstreamSnapshot[]> {
	const { options, words, io } = call
	if (!options.has('live')) return []
	const config = await session.read()
	const named = words.map(word => findUpstream(config, word).id)
	const wanted = enabled.filter(({ id }) =>
		words.length > 0 ? named.includes(id) : options.has('all') || id === snapshot.currentUpstreamId,
	)
	if (wanted.length === 0)
		throw new CliError(exitCodes.notFound, 'not-found', 'there is no upstream with keys to check')
	const asks = io.interactive && !['yes', 'json', 'no-input'].some(name => options.has(name))
	const requests = checkCost.requests * wanted.length
	const question = `Send ${requests} requests to ${wanted.map(({ name }) => name).join(', ')}, with at most ${checkCost.maxTokens * wanted.length} output tokens?`
	if (!asks || (await io.confirm(question))) return wanted
	throw new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: nothing was sent')
}

function tell({ io, options }: CommandCall, text: string): void {
	if (!options.has('json')) io.writeError(`${text}\n`)
}
