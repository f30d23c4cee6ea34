import { failureRules } from '../../core/proxy/failure-classes.ts'
import type { Config, ListOptions } from '../../db/index.ts'
import { findUpstream } from '../find-upstream.ts'
import type { Options } from '../parse-options.ts'
import { usageError } from '../refuse.ts'
import { readDuration } from './units.ts'

const outcomes = {
	ok: 'ok',
	error: 'failed',
	failed: 'failed',
	cancelled: 'cancelled',
	refused: 'refused',
} as const

/** What the options of `logs` ask for. @throws CliError */
export function readFilters(options: Options, config: Config): ListOptions {
	const [status, upstream, model] = [options.text('status'), options.text('upstream'), options.text('model')]
	const [since, text] = [options.text('since'), options.text('text')]
	return {
		limit: readLimit(options),
		...(status !== undefined && readStatus(status)),
		...(upstream !== undefined && { upstream: readUpstream(config, upstream) }),
		...(model !== undefined && { model }),
		...(since !== undefined && { from: Math.round(config.now - readDuration(since, '--since')) }),
		...(text !== undefined && { text }),
	}
}

function readLimit(options: Options): number {
	const text = options.text('limit') ?? '20'
	if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1000) return Number(text)
	throw usageError('--limit must be a whole number from 1 to 1000')
}

function readStatus(word: string): Pick<ListOptions, 'outcome' | 'class'> {
	if (Object.hasOwn(outcomes, word)) return { outcome: outcomes[word as keyof typeof outcomes] }
	if (Object.hasOwn(failureRules, word)) return { class: word }
	const classes = Object.keys(failureRules).join(', ')
	throw usageError(
		'--status must be ok, error, cancelled, refused, or the class of a failure',
		`classes: ${classes}`,
	)
}

/** One that was removed is still in the log, by its id. */
function readUpstream(config: Config, word: string): string {
	return /^up_[A-Za-z0-9]{1,40}$/.test(word) ? word : findUpstream(config, word).id
}
