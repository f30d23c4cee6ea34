import { useI18n } from '../i18n/i18n.svelte.ts'
import type { SummaryWords } from './summarize.ts'

/** For a `$derived`: the words that revisions are told with, in the page's language. */
export function useSummaryWords(): () => SummaryWords {
	const i18n = useI18n()
	return () => ({
		did: i18n.messages.history.did,
		settingNames: i18n.messages.history.settingNames,
		strategies: i18n.messages.upstreams.strategies,
		fieldNames: i18n.messages.common.changes.fields,
		list: items => i18n.formats.list(items),
	})
}
