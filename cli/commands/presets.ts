import type { Preset } from '../../core/presets/preset.ts'
import { presets as known } from '../../core/presets/presets.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { findPresetByWord } from '../find-preset.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { formatTable, tableHead } from '../ui/table.ts'
import { wrapText } from '../ui/text-width.ts'

export const presets: Command = {
	usage: ['presets', 'presets <preset>'],
	options: {},
	examples: ['presets', 'presets deepseek', 'presets --json'],
	async run(call) {
		const [word, ...rest] = call.words
		if (rest.length > 0) throw usageError('presets takes at most one: presets <preset>')
		return word === undefined ? listPresets(call) : showPreset(call, findPresetByWord(word))
	},
}

const fits = [undefined, { least: 12 }, { leaves: 1 }, { leaves: 2 }, { least: 24 }]

function listPresets(call: CommandCall): CommandResult {
	const head = tableHead(call, ['ID', 'NAME', 'GROUP', 'TYPES', 'URL'])
	const rows = known.map(({ id, name, group, endpoints }) => [
		{ text: id, paint: call.style.command },
		{ text: name },
		{ text: group },
		{ text: endpoints.map(({ type }) => type).join(', ') },
		{ text: endpoints[0]?.baseUrl ?? '' },
	])
	return { data: { presets: known }, lines: formatTable([head, ...rows], call.io.columns, fits) }
}

function showPreset(call: CommandCall, preset: Preset): CommandResult {
	const { id, name, endpoints, modelMap, keyPageUrl, website, notes, placeholder } = preset
	const rules = Object.entries(modelMap).map(([from, to]) => `${from} -> ${to}`)
	const rows = [
		...endpoints.map(({ type, baseUrl }) => [type, baseUrl] as const),
		...(rules.length > 0 ? [['models', rules.join(', ')] as const] : []),
		...(keyPageUrl === '' ? [] : [['keys', keyPageUrl] as const]),
		['website', website] as const,
	].map(([label, text]) => [
		{ text: ' ' },
		{ text: call.texts.label(label), paint: call.style.faint },
		{ text },
	])
	const words = placeholder === undefined ? ['<name>'] : ['<name>', '<url>']
	return {
		data: { preset },
		lines: [
			`${call.style.strong(id)}  ${name}`,
			...formatTable(rows, call.io.columns, [undefined, undefined, { least: 30, wraps: true }]),
			...notes.flatMap(note =>
				wrapText(call.texts.choose(note), call.io.columns ?? Number.POSITIVE_INFINITY),
			),
			call.texts.say(`add it: ${commandLine(call, 'add', ...words, '--preset', id)}`),
		],
	}
}
