import { explainModel, ruleKind } from '../../core/config/model-map.ts'
import type { ConfigUpstream } from '../../db/index.ts'
import { changeUpstream } from '../change-upstream.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findUpstream } from '../find-upstream.ts'
import { findNearest } from '../nearest.ts'
import { commandLine } from '../next-step.ts'
import { quoteWord } from '../redact.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTable, tableHead } from '../ui/table.ts'
import { checkFields } from '../upstream-fields.ts'

type Action = (call: CommandCall, upstream: string, words: readonly string[]) => Promise<CommandResult>
type ModelMap = Record<string, string>

const actions: Record<string, Action> = {
	list: listRules,
	set: setRule,
	remove: removeRule,
	test: testModel,
}

export const map: Command = {
	usage: [
		'map <upstream> list',
		'map <upstream> set <from> <to>',
		'map <upstream> remove <from>',
		'map <upstream> test <model>',
	],
	options: {},
	examples: [
		'map openai-main set opus gpt-5.1',
		"map openai-main set 'claude-*-haiku-*' gpt-5-mini",
		'map openai-main test claude-opus-5-5',
	],
	details: [
		'<from> is a model name, a pattern with * in it, or one of opus, sonnet, haiku.',
		'Names are tried before patterns, patterns in their order before opus, sonnet, haiku.',
		'Dates, [1m] and -thinking at the end of a model name do not matter.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [upstream, action, ...words] = call.words
	if (upstream === undefined || action === undefined) {
		throw usageError('map needs an upstream and what to do: map <upstream> list|set|remove|test')
	}
	const found = Object.hasOwn(actions, action) ? actions[action] : undefined
	if (found !== undefined) return found(call, upstream, words)
	const nearest = findNearest(action.slice(0, 20), Object.keys(actions))
	throw usageError(
		`map has no action ${quoteWord(action)}`,
		nearest === undefined ? 'actions: list, set, remove, test' : `did you mean ${nearest}?`,
	)
}

async function listRules(call: CommandCall, word: string, words: readonly string[]): Promise<CommandResult> {
	if (words.length > 0) throw usageError('list takes nothing after it: map <upstream> list')
	const upstream = findUpstream(await (await call.openSession()).read(), word)
	return { data: viewMap(upstream), lines: describeRules(call, upstream) }
}

async function setRule(call: CommandCall, word: string, words: readonly string[]): Promise<CommandResult> {
	const [from = '', to = '', ...rest] = words.map(text => text.trim())
	if (from === '' || to === '' || rest.length > 0) {
		throw usageError(
			'set takes two models: map <upstream> set <from> <to>',
			'quote a pattern that has * in it',
		)
	}
	return change(call, word, ({ modelMap }) => {
		const known = findRule(modelMap, from)
		// A rule keeps its place, which counts among patterns.
		return known === undefined ? { ...modelMap, [from]: to } : { ...modelMap, [known]: to }
	})
}

async function removeRule(call: CommandCall, word: string, words: readonly string[]): Promise<CommandResult> {
	const [from = '', ...rest] = words.map(text => text.trim())
	if (from === '' || rest.length > 0) throw usageError('remove takes one rule: map <upstream> remove <from>')
	return change(call, word, ({ modelMap, name }) => {
		const known = findRule(modelMap, from)
		if (known === undefined) throw describeMiss(name, modelMap, from)
		return Object.fromEntries(Object.entries(modelMap).filter(([key]) => key !== known))
	})
}

async function testModel(call: CommandCall, word: string, words: readonly string[]): Promise<CommandResult> {
	const [model = '', ...rest] = words
	if (model === '' || rest.length > 0) throw usageError('test takes one model: map <upstream> test <model>')
	const upstream = findUpstream(await (await call.openSession()).read(), word)
	const { model: becomes, rule, from = null, matched = null } = explainModel(model, upstream.modelMap)
	const data = { upstream: viewName(upstream), model, becomes, rule, from, matched }
	const head = toOneLine(`${model} -> ${becomes}`)
	const { say } = call.texts
	if (from === null) {
		return {
			data,
			lines: [call.style.strong(head), say('no rule fits: the name goes to the upstream as it is')],
		}
	}
	const seen = sayRule[rule](toOneLine(from))
	const by = matched === model.toLowerCase() ? seen : `${seen}, once its suffixes are off`
	return { data, lines: [call.style.strong(head), say(by)] }
}

const sayRule = {
	exact: (from: string) => `by the name ${from}`,
	glob: (from: string) => `by the pattern ${from}`,
	tier: (from: string) => `by the tier ${from}`,
	none: (from: string) => from,
}

async function change(
	call: CommandCall,
	word: string,
	toMap: (upstream: ConfigUpstream) => ModelMap,
): Promise<CommandResult> {
	const session = await call.openSession()
	const toPatch = (upstream: ConfigUpstream) => checkFields({ modelMap: toMap(upstream) })
	const { id, before, revision } = await changeUpstream(session, word, { merges: true, toPatch })
	const upstream = findUpstream(await session.read(), id)
	const changed = revision !== before
	const { say } = call.texts
	const head = changed
		? call.style.good(say(`changed the model map of ${upstream.name}`))
		: say(`${upstream.name} is like that already`)
	return {
		data: { revision, changed, ...viewMap(upstream) },
		lines: [head, ...describeRules(call, upstream)],
	}
}

function viewMap(upstream: ConfigUpstream) {
	const rules = Object.entries(upstream.modelMap).map(([from, to]) => ({ from, to, rule: ruleKind(from) }))
	return { upstream: viewName(upstream), rules }
}

const viewName = ({ id, name }: ConfigUpstream) => ({ id, name })

function describeRules(call: CommandCall, { name, modelMap }: ConfigUpstream): string[] {
	const rules = Object.entries(modelMap)
	const { say } = call.texts
	if (rules.length === 0) {
		return [
			say(`${name} maps no models: names go to it as they are`),
			say(`next, map one: ${commandLine(call, 'map', name, 'set', 'opus', '<model>')}`),
		]
	}
	const head = tableHead(call, ['FROM', 'TO', 'KIND'])
	const rows = rules.map(([from, to]) => [
		{ text: toOneLine(from) },
		{ text: toOneLine(to) },
		{ text: call.texts.kinds[ruleKind(from)], paint: call.style.faint },
	])
	return formatTable([head, ...rows], call.io.columns, [{ least: 16 }, { least: 16 }, { leaves: 1 }])
}

/** Rules that differ in case only would be one rule to every request. */
function findRule(modelMap: ModelMap, from: string): string | undefined {
	return Object.keys(modelMap).find(key => key.toLowerCase() === from.toLowerCase())
}

function describeMiss(name: string, modelMap: ModelMap, from: string): Error {
	const nearest = findNearest(from.slice(0, 80), Object.keys(modelMap))
	const miss = `${name} has no rule ${quoteWord(from)}`
	const rules = Object.keys(modelMap).map(toOneLine)
	if (rules.length === 0)
		return notFoundError(miss, `it has none: ${programMark} map ${name} set <from> <to>`)
	const hint =
		nearest === undefined ? `its rules are for: ${rules.join(', ')}` : `did you mean ${toOneLine(nearest)}?`
	return notFoundError(miss, hint)
}
