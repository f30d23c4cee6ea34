import type { ConfigUpstream } from '../../db/index.ts'
import { redactUrl } from '../redact.ts'
import { judgeField } from './choose-upstream.ts'
import type { WizardContext } from './context.ts'
import { runQuietly } from './run-command.ts'

interface EditedField {
	option: string
	/** As it is now; what is hidden in it cannot be typed back. */
	shown(upstream: ConfigUpstream): string
	judge?(value: string): string | undefined
}

/** The fields that people change by hand; `update` knows all. */
const fields: readonly EditedField[] = [
	{ option: 'name', shown: ({ name }) => name, judge: value => judgeField('name', value) },
	{
		option: 'url',
		shown: ({ baseUrl }) => redactUrl(baseUrl),
		judge: value => judgeField('baseUrl', value),
	},
	{ option: 'type', shown: ({ type }) => type },
	{ option: 'description', shown: ({ description }) => description },
	{ option: 'timeout', shown: ({ timeoutMs }) => String(timeoutMs) },
	{ option: 'proxy', shown: ({ proxyUrl }) => redactUrl(proxyUrl) },
	{ option: 'auth-style', shown: ({ authStyle }) => authStyle },
	{ option: 'max-concurrent', shown: ({ maxConcurrent }) => String(maxConcurrent) },
	{ option: 'enabled', shown: ({ enabled }) => String(enabled) },
	{ option: 'insecureSkipVerify', shown: ({ insecureSkipVerify }) => String(insecureSkipVerify) },
]

/** One field of the upstream, or its model map, or the whole. */
export async function editUpstream(context: WizardContext, upstream: ConfigUpstream): Promise<void> {
	const { ask, texts } = context
	const words = texts.menu
	const choice = await ask.select<EditedField | 'map' | 'remove'>(words.field, [
		...fields.map(field => ({ value: field, label: field.option, hint: field.shown(upstream) })),
		{ value: 'map', label: 'model-map', hint: Object.keys(upstream.modelMap).join(', ') },
		{ value: 'remove', label: words.removeIt },
	])
	if (choice === 'remove') return void (await runQuietly(context, ['remove', upstream.id]))
	if (choice === 'map') return editMap(context, upstream)
	const before = choice.shown(upstream)
	const judge = choice.judge
	const value = await ask.text({
		message: words.value(choice.option),
		initial: before,
		...(judge && { judge: (typed: string) => (typed === before ? undefined : judge(typed)) }),
	})
	if (value === before) return ask.say(texts.cancelled.back)
	await runQuietly(context, ['update', upstream.id, `--${choice.option}=${value}`])
}

async function editMap(context: WizardContext, { id, modelMap }: ConfigUpstream): Promise<void> {
	const { ask, texts } = context
	const rules: string[] = []
	for (const [tier, message] of [
		['opus', 'opus'],
		['sonnet', 'sonnet'],
		['haiku', 'haiku'],
	] as const) {
		const before = modelMap[tier] ?? ''
		const to = await ask.text({ message, initial: before, placeholder: texts.models.none })
		if (to !== before) rules.push('--model-map', `${tier}=${to}`)
	}
	if (rules.length === 0) return ask.say(texts.cancelled.back)
	await runQuietly(context, ['update', id, ...rules])
}
