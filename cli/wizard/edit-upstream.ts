import type { ConfigUpstream } from '../../db/index.ts'
import { redactUrl } from '../redact.ts'
import { judgeField } from './choose-upstream.ts'
import type { WizardContext } from './context.ts'
import { runQuietly } from './run-command.ts'

interface EditedField {
	option: string
	/** As it is now; what is hidden in it cannot be typed back. */
	shown(upstream: ConfigUpstream): string
	judge?(value: string, texts: WizardContext['texts']): string | undefined
}

/** The fields that people change by hand; `update` knows all. */
const fields: readonly EditedField[] = [
	{ option: 'name', shown: ({ name }) => name, judge: (value, texts) => judgeField('name', value, texts) },
	{
		option: 'url',
		shown: ({ baseUrl }) => redactUrl(baseUrl),
		judge: (value, texts) => judgeField('baseUrl', value, texts),
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
	const { menu: words, commands } = texts
	const nameField = (option: string) => words.fields[option] ?? option
	const choice = await ask.select<EditedField | 'map' | 'remove'>(words.field, [
		...fields.map(field => ({ value: field, label: nameField(field.option), hint: field.shown(upstream) })),
		{ value: 'map', label: nameField('model-map'), hint: Object.keys(upstream.modelMap).join(', ') },
		{ value: 'remove', label: words.removeIt },
	])
	const { id, name, keys } = upstream
	if (choice === 'remove') {
		const question = commands?.removeIt(name, keys.length)
		return void (await runQuietly(context, ['remove', id], { told: commands?.removed(name), question }))
	}
	if (choice === 'map') return editMap(context, upstream)
	const before = choice.shown(upstream)
	const judge = choice.judge
	const value = await ask.text({
		message: nameField(choice.option),
		initial: before,
		...(judge && { judge: (typed: string) => (typed === before ? undefined : judge(typed, texts)) }),
	})
	if (value === before) return ask.say(texts.cancelled.back)
	const told = { told: commands?.changed(name), question: commands?.foreign }
	await runQuietly(context, ['update', id, `--${choice.option}=${value}`], told)
}

async function editMap(context: WizardContext, { id, name, modelMap }: ConfigUpstream): Promise<void> {
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
	await runQuietly(context, ['update', id, ...rules], { told: texts.commands?.changed(name) })
}
