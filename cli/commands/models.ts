import { createModelCatalog } from '../../core/proxy/model-catalog.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findUpstream } from '../find-upstream.ts'
import { listHint, programMark, usageError } from '../refuse.ts'
import { tellWaiting } from '../tell-waiting.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTable } from '../ui/table.ts'
import { openUpstreamAccess } from '../upstream-access.ts'

export const models: Command = {
	usage: ['models <upstream>'],
	options: {},
	examples: ['models kimi', 'models kimi --json'],
	details: ['Asks the upstream now. Where it has no list, the right side of its model map is shown.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	if (word === undefined || rest.length > 0)
		throw usageError('models takes one upstream: models <upstream>', listHint)
	const session = await call.openSession()
	const { id, name, type, modelMap, keys } = findUpstream(await session.read(), word)
	const adapter = findAdapter(type)
	const access = await openUpstreamAccess(session)
	try {
		const upstream = access.snapshot.upstreams.find(one => one.id === id)
		if (!adapter || !upstream) throw usageError(`this version does not know the type of ${name}`)
		const asked = createModelCatalog(access.services).list(access.snapshot, upstream, adapter)
		const listing = await tellWaiting(call, `asking ${name} …`, asked)
		if (!listing.models && listing.problem !== undefined)
			throw describeProblem(name, listing.problem, keys.length)
		const listed = listing.models?.map(model => ({ id: model.id, name: model.display_name }))
		const mapped = [...new Set(Object.values(modelMap))].map(model => ({ id: model, name: model }))
		return describe(call, name, listed ?? mapped, listed ? 'upstream' : 'map')
	} finally {
		access.close()
	}
}

function describeProblem(name: string, problem: string, keyCount: number): CliError {
	const message = `the models of ${name} could not be had: ${toOneLine(problem)}`
	const hint =
		keyCount === 0
			? `give it a key: ${programMark} key ${name} add <key>`
			: `${programMark} test ${name} tells more`
	return new CliError(exitCodes.upstream, 'upstream-failed', message, hint)
}

function describe(
	call: CommandCall,
	upstream: string,
	listed: readonly { id: string; name: string }[],
	source: 'upstream' | 'map',
): CommandResult {
	const shown = listed.map(({ id, name }) => ({ id, ...(name !== id && { name }) }))
	const rows = shown.map(({ id, name = '' }) => [
		{ text: toOneLine(id) },
		{ text: toOneLine(name), paint: call.style.faint },
	])
	const none =
		source === 'map' ? `${upstream} has no list of models, and maps none` : `${upstream} lists no model`
	if (source === 'map' && listed.length > 0)
		call.note(`${upstream} has no list of models: this is its model map`)
	return {
		data: { upstream, source, models: shown },
		lines: listed.length === 0 ? [call.texts.say(none)] : formatTable(rows, call.io.columns, [{ least: 30 }]),
	}
}
