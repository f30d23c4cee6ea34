import { parseArgs } from 'node:util'
import { findNearest } from './nearest.ts'
import { usageError } from './refuse.ts'

export interface OptionSpec {
	/** What the value is, for help texts; without it the option is a switch. */
	value?: string
	repeatable?: boolean
	short?: string
	description: string
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** Options as given. Names are those of the specs. */
export interface Options {
	has(name: string): boolean
	/** The last value given; undefined when absent. */
	text(name: string): string | undefined
	list(name: string): readonly string[]
}

export const globalOptions: OptionSpecs = {
	json: { description: 'print one JSON document instead of text' },
	'no-color': { description: 'no colours (so do NO_COLOR and a pipe)' },
	'no-input': { description: 'never ask' },
	help: { short: 'h', description: 'how to use a command' },
	version: { short: 'v', description: 'the version' },
}

/** Of the commands that change the configuration. */
export const changeOptions: OptionSpecs = {
	revision: { value: 'number', description: 'only if the configuration is still at this revision' },
	message: { value: 'text', description: 'why, for the history' },
}

/**
 * Splits a command line. Strict: an unknown option is refused, since dropping `--insecureSkipVerfy true` would report
 * success for what was not done. `--insecure-skip-verify` and `--insecureskipverify` mean `--insecureSkipVerify`.
 * @throws CliError usage; never quotes a value, which may be a key
 */
export function parseOptions(
	argv: readonly string[],
	specs: OptionSpecs,
): { words: string[]; options: Options } {
	const canonical = new Map(Object.keys(specs).map(name => [toPlainName(name), name]))
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length
	const named = argv.map((word, index) => (index < end ? correctName(word, canonical) : word))
	const { values, positionals } = parse(named, specs)
	return {
		words: positionals,
		options: {
			has: name => values[name] !== undefined,
			text: name => lastOf(values[name]),
			list: name => [values[name] ?? []].flat().map(String),
		},
	}
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

function parse(args: string[], specs: OptionSpecs): { values: Values; positionals: string[] } {
	const options = Object.fromEntries(
		Object.entries(specs).map(([name, spec]) => [
			name,
			{
				type: spec.value === undefined ? ('boolean' as const) : ('string' as const),
				multiple: spec.repeatable === true,
				...(spec.short === undefined ? {} : { short: spec.short }),
			},
		]),
	)
	try {
		return parseArgs({ args, options, allowPositionals: true, strict: true })
	} catch (error) {
		throw explainRefusal(error, specs)
	}
}

function correctName(word: string, canonical: ReadonlyMap<string, string>): string {
	const [, given, rest = ''] = /^--([^=]+)(=.*)?$/s.exec(word) ?? []
	if (given === undefined) return word
	const name = canonical.get(toPlainName(given))
	if (name !== undefined) return `--${name}${rest}`
	const nearest = findNearest(toPlainName(given), [...canonical.keys()])
	const hint =
		nearest === undefined ? 'add --help to see the options' : `did you mean --${canonical.get(nearest)}?`
	throw usageError(
		`unknown option ${/^[a-z][a-z-]{0,24}$/i.test(given) ? `--${given}` : '(a word that starts with --)'}`,
		hint,
	)
}

function explainRefusal(error: unknown, specs: OptionSpecs): Error {
	const { code, message } = error as NodeJS.ErrnoException
	if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
		const name = /--([\w-]+)/.exec(message)?.[1] ?? ''
		const value = specs[name]?.value
		if (value === undefined) return usageError(`--${name} takes no value`)
		return usageError(
			`--${name} needs a value`,
			`write --${name} <${value}>, or --${name}=<${value}> for one that starts with a dash`,
		)
	}
	return usageError(
		'unknown option (a word that starts with -)',
		'put -- before words that start with a dash, or add --help',
	)
}

function toPlainName(name: string): string {
	return name.replaceAll('-', '').toLowerCase()
}

function lastOf(value: Values[string]): string | undefined {
	const last = Array.isArray(value) ? value.at(-1) : value
	return typeof last === 'string' ? last : undefined
}
