import type { Command, CommandCall, CommandResult } from './command.ts'
import { commands } from './commands/index.ts'
import type { CliIo } from './io.ts'
import { changeOptions, globalOptions, type OptionSpecs } from './parse-options.ts'
import type { Style } from './ui/style.ts'
import { formatTable } from './ui/table.ts'

type Caller = Pick<CliIo, 'program' | 'columns'>

const examples = [
	'add openai-main openai https://api.openai.com',
	'key openai-main add sk-…',
	'use openai-main',
	'balance round-robin',
	'show',
]

export function describeProgram(
	{ program, columns }: Caller,
	{ style, texts: { say } }: Pick<CommandCall, 'style' | 'texts'>,
): CommandResult {
	const entries = Object.entries(commands).map(([name, { summary }]) => ({ name, summary }))
	const rows = entries.map(({ name, summary }) => [
		{ text: ' ' },
		{ text: name, paint: style.command },
		{ text: say(summary) },
	])
	return {
		data: { commands: entries },
		lines: [
			say('claude-proxy: one endpoint for Claude Code, answered from any upstream'),
			'',
			say(`${program} <command> [options]`),
			'',
			...formatTable(rows, columns, wrapped),
			'',
			say('for example'),
			...examples.map(example => `  ${program} ${example}`),
			'',
			say(`${program} <command> --help tells more. --json prints JSON, --version the version.`),
			say('An upstream is meant by its name, the beginning of its name, or its number in `list`.'),
		],
	}
}

export function describeCommand(
	name: string,
	command: Command,
	{ program, columns }: Caller,
	style: Style,
): CommandResult {
	const { usage, options, details = [] } = command
	return {
		data: { command: name, usage, options, examples: command.examples },
		lines: [
			`${name}: ${commands[name]?.summary ?? ''}`,
			'',
			...usage.map(form => `  ${program} ${form}`),
			'',
			...listOptions(
				{ ...options, ...(commands[name]?.changes ? changeOptions : {}), ...globalOptions },
				{ style, columns },
			),
			...(details.length === 0 ? [] : ['', ...details]),
			'',
			'for example',
			...command.examples.map(example => `  ${program} ${example}`),
		],
	}
}

const wrapped = [undefined, undefined, { least: 18, wraps: true as const }]

function listOptions(
	specs: OptionSpecs,
	{ style, columns }: { style: Style; columns: number | undefined },
): string[] {
	const rows = Object.entries(specs).map(([name, { value, description, repeatable }]) => [
		{ text: ' ' },
		{ text: value === undefined ? `--${name}` : `--${name} <${value}>`, paint: style.command },
		{ text: repeatable ? `${description} (repeatable)` : description },
	])
	return formatTable(rows, columns, wrapped)
}
