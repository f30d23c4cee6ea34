import { stripVTControlCharacters } from 'node:util'
import { strategies } from '../../core/config/upstream.ts'
import { findPresetByUrl } from '../../core/presets/presets.ts'
import type { ConfigUpstream } from '../../db/index.ts'
import { toAddress } from '../address.ts'
import { exitCodes } from '../errors.ts'
import { redactUrl } from '../redact.ts'
import { loadTexts } from '../texts/index.ts'
import { planClient, writeClient } from './connect-client.ts'
import type { WizardContext } from './context.ts'
import { editUpstream } from './edit-upstream.ts'
import { enterKeys } from './enter-keys.ts'
import { gatherUpstream, toAddCommand } from './gather-upstream.ts'
import { restoreRevision } from './restore-revision.ts'
import { runCommand, runQuietly } from './run-command.ts'

type Action = (context: WizardContext) => Promise<unknown>

/** One per entry of the menu. Each asks first and then runs a command, so that a question left changes nothing. */
export const menuActions: Record<
	Exclude<keyof WizardContext['texts']['menu']['actions'], 'quit' | 'serve'>,
	Action
> = {
	add: addUpstream,
	edit: async context => editUpstream(context, await chooseOne(context)),
	keys: changeKeys,
	use: async context => useUpstream(context, await chooseOne(context)),
	balance: changeStrategy,
	test: testUpstreams,
	status: context => runCommand(context, ['status']),
	history: restoreRevision,
	connect: connectClient,
	doctor: lookForProblems,
}

async function addUpstream(context: WizardContext): Promise<void> {
	const { ask, texts } = context
	const upstream = await gatherUpstream(context)
	const uses = await ask.confirm(texts.menu.useNow(upstream.name))
	const { name, keys: secrets } = upstream
	const told = texts.commands?.added(name)
	const added = await runQuietly(context, toAddCommand(upstream), { secrets, told })
	if (added === exitCodes.ok && uses) await useUpstream(context, { id: name, name })
}

function useUpstream(context: WizardContext, { id, name }: { id: string; name: string }) {
	return runQuietly(context, ['use', id], { told: context.texts.commands?.used(name) })
}

async function chooseOne({ ask, texts, known }: WizardContext): Promise<ConfigUpstream> {
	const { upstreams = [], currentUpstreamId } = known?.config ?? {}
	const [only] = upstreams
	if (upstreams.length === 1 && only) return only
	return ask.select(
		texts.menu.which,
		upstreams.map(upstream => ({
			value: upstream,
			label: upstream.name,
			hint: `${upstream.id === currentUpstreamId ? `${texts.menu.currentHint}, ` : ''}${upstream.type}, ${redactUrl(upstream.baseUrl)}`,
		})),
	)
}

async function changeStrategy(context: WizardContext): Promise<void> {
	const { ask, texts, known } = context
	const strategy = await ask.select(
		texts.menu.strategy,
		strategies.map(name => ({ value: name, label: name, hint: texts.menu.strategies[name] })),
		known?.config.strategy,
	)
	const told = texts.commands?.strategy(strategy)
	await runQuietly(context, ['balance', strategy], { told })
}

async function testUpstreams(context: WizardContext): Promise<void> {
	const { ask, texts, known } = context
	const upstreams = known?.config.upstreams ?? []
	const which = await ask.select(texts.menu.testWhat, [
		...upstreams.map(({ id, name }) => ({ value: [id], label: name })),
		...(upstreams.length > 1 ? [{ value: ['--all'], label: texts.menu.testAll }] : []),
	])
	await runCommand(context, ['test', ...which])
}

/** Shows what is wrong, and offers to solve what can be solved without a risk. */
async function lookForProblems(context: WizardContext): Promise<void> {
	const { ask, texts, io } = context
	const { levels } = (await loadTexts(io.language)).doctor
	let isFine = true
	const write = (text: string) => {
		const lines = stripVTControlCharacters(text).split('\n')
		if (lines.some(line => [levels.warn, levels.fail].some(level => line.startsWith(`${level} `))))
			isFine = false
		io.write(text)
	}
	await runCommand({ ...context, io: { ...io, write } }, ['doctor'])
	if (isFine || !(await ask.confirm(texts.menu.solve, false))) return
	await runCommand(context, ['doctor', '--fix', '--offline'])
}

async function connectClient(context: WizardContext): Promise<void> {
	const { environment } = context
	const planned = await planClient(context, {
		baseUrl: toAddress(environment.HOST, environment.PORT),
		accessKey: environment.PROXY_ACCESS_KEY ?? '',
	})
	if (planned) await writeClient(context, planned)
}

async function changeKeys(context: WizardContext): Promise<void> {
	const { ask, texts } = context
	const upstream = await chooseOne(context)
	const words = texts.menu.keyActions
	const names = Object.keys(words) as (keyof typeof words)[]
	const offered = upstream.keys.length === 0 ? (['add'] as const) : names
	const action = await ask.select(
		upstream.name,
		offered.map(name => ({ value: name, label: words[name] })),
	)
	const { id } = upstream
	if (action === 'list') return void (await runCommand(context, ['key', id, 'list']))
	if (action === 'clear')
		return void (await runQuietly(context, ['key', id, 'clear', '--all'], { told: texts.commands?.cleared }))
	if (action === 'add') return addKeys(context, upstream)
	const key = await ask.select(
		texts.menu.whichKey,
		upstream.keys.map(one => ({ value: one, label: one.mask, hint: one.id })),
	)
	if (action === 'test') return void (await runCommand(context, ['test', id, '--key', key.id]))
	const command = action === 'top' ? ['move', key.id, '--top'] : [action, key.id]
	await runQuietly(context, ['key', id, ...command], { told: texts.commands?.keys[action](key.mask) })
}

async function addKeys(context: WizardContext, upstream: ConfigUpstream): Promise<void> {
	const { id, name, baseUrl } = upstream
	const preset = findPresetByUrl(baseUrl)?.preset
	const place = { id, name, baseUrl, keyPageUrl: preset?.keyPageUrl ?? '', optional: false }
	const secrets = await enterKeys(context, place)
	const told = context.texts.commands?.addedKeys(name)
	await runQuietly(context, ['key', id, 'add', '--key-stdin', '--force'], { secrets, told })
}
