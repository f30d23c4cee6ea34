import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import { describeError } from '../api/describe-error.ts'
import { useToasts } from '../components/ui/toasts.svelte.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import { announcer } from './announcer.svelte.ts'
import { latencyOf } from './latency.ts'
import { probes } from './probes.svelte.ts'

/** `const test = useTest()`: tests an upstream, or one of its keys, and says the result. */
export function useTest() {
	const session = useSession()
	const i18n = useI18n()
	const toasts = useToasts()
	return async (
		{ id, name }: Pick<UpstreamView, 'id' | 'name'>,
		options: { keyId?: string; model?: string } = {},
	) => {
		try {
			const result = await probes.test(session, id, options)
			if (result === undefined) return undefined
			const words = i18n.messages.upstreams
			const outcome = result.ok ? i18n.formats.latency(latencyOf(result)) : words.classes[result.class]
			announcer.say(words.test.spoken(name, outcome))
			return result
		} catch (error) {
			toasts.show(describeError(error, i18n.messages.errors).title, { tone: 'bad' })
			return undefined
		}
	}
}
