import { useToasts } from '../components/ui/toasts.svelte.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useLiveStatus } from '../live/status.svelte.ts'
import { type ChangeOptions, makeChange } from './change.ts'

/** `const change = useChange()` in a component, then `await change({ send, done, undo })`. */
export function useChange() {
	const tools = { status: useLiveStatus(), toasts: useToasts(), i18n: useI18n() }
	return <Answer>(options: ChangeOptions<Answer>) => makeChange(tools, options)
}
