import { chooseModels } from './choose-models.ts'
import { chooseUpstream, type UpstreamDraft } from './choose-upstream.ts'
import { finishStep, type WizardContext } from './context.ts'
import { enterKeys } from './enter-keys.ts'
import { tryUpstream } from './try-upstream.ts'

export interface NewUpstream extends UpstreamDraft {
	keys: string[]
}

/** Everything about one new upstream: which, its keys, whether it answers, its models. Nothing is stored. */
export async function gatherUpstream(context: WizardContext): Promise<NewUpstream> {
	const { ask, texts } = context
	const words = texts.test
	let draft = await chooseUpstream(context)
	finishStep(context, texts.steps.upstream)
	let keys = await enterKeys(context, toPlace(draft), draft.keys)
	for (;;) {
		finishStep(context, texts.steps.keys)
		const { ok, models } = await tryUpstream(context, draft, keys)
		const choice = ok ? 'keep' : await ask.select(words.failed, listWays(words))
		if (choice === 'keep') {
			finishStep(context, texts.steps.test)
			const modelMap = await chooseModels(context, draft.modelMap, models)
			finishStep(context, texts.steps.models)
			return { ...draft, keys, modelMap }
		}
		if (choice === 'url') draft = await chooseUpstream(context)
		if (choice !== 'again') keys = await enterKeys(context, toPlace(draft), draft.keys)
	}
}

function listWays(words: WizardContext['texts']['test']) {
	return [
		{ value: 'keys', label: words.keys },
		{ value: 'url', label: words.url },
		{ value: 'again', label: words.again },
		{ value: 'keep', label: words.keep },
	] as const
}

function toPlace({ name, baseUrl, preset }: UpstreamDraft) {
	return { name, baseUrl, keyPageUrl: preset?.keyPageUrl ?? '', optional: preset?.group === 'local' }
}

/** The command that adds it; its keys go by stdin. */
export function toAddCommand(upstream: NewUpstream): string[] {
	const { name, type, baseUrl, website, modelMap, authStyle } = upstream
	return [
		...['add', name, type, baseUrl, '--key-stdin', '--force'],
		...(website === '' ? [] : ['--website', website]),
		...(authStyle === 'auto' ? [] : ['--auth-style', authStyle]),
		...Object.entries(modelMap).flatMap(([from, to]) => ['--model-map', `${from}=${to}`]),
	]
}
