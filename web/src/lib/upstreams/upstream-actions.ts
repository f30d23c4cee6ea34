import type { Strategy } from '../../../../core/config/upstream.ts'
import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import { basedOn, read } from '../api/client.ts'
import { useChange } from '../changes/tools.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useLiveStatus } from '../live/status.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import * as overlay from './overlay.ts'
import { restoreBefore, turns } from './undo.ts'

/** What can be done with upstreams: shown at once where it can be taken back, with Undo where there is one. */
export function useUpstreamActions() {
	const change = useChange()
	const status = useLiveStatus()
	const { api } = useSession()
	const i18n = useI18n()
	const words = () => i18n.messages.upstreams.changed
	const sendOrder = (ids: readonly string[], revision?: number) =>
		turns.take(revision, based => read(api.upstreams.order.$put({ json: { ids: [...ids] } }, basedOn(based))))
	const sendEnabled = (id: string, enabled: boolean) =>
		read(api.upstreams[':id'].$patch({ param: { id }, json: { enabled } }))

	return {
		setCurrent({ id, name }: UpstreamView) {
			const before = status.current?.currentUpstreamId
			const put = (upstreamId: string) => read(api.current.$put({ json: { upstreamId } }))
			return change({
				show: shown => overlay.showCurrent(shown, id),
				send: () => put(id),
				done: words().current(name),
				...(before != null && { undo: () => put(before) }),
			})
		},

		setStrategy(strategy: Strategy) {
			const before = status.current?.strategy
			const put = (chosen: Strategy) => read(api.strategy.$put({ json: { strategy: chosen } }))
			return change({
				show: shown => overlay.showStrategy(shown, strategy),
				send: () => put(strategy),
				done: words().strategy(i18n.messages.upstreams.strategies[strategy].name),
				...(before !== undefined && { undo: () => put(before) }),
			})
		},

		setEnabled({ id, name }: UpstreamView, enabled: boolean) {
			return change({
				send: () => sendEnabled(id, enabled),
				done: enabled ? words().enabled(name) : words().disabled(name),
				undo: () => sendEnabled(id, !enabled),
			})
		},

		/** Undone by restoring the revision before, unless somebody has changed something since. */
		remove({ id, name }: UpstreamView) {
			return change({
				send: () => read(api.upstreams[':id'].$delete({ param: { id } })),
				done: words().removed(name),
				undo: ({ revision }) => restoreBefore(api, revision),
			})
		},

		/** @param revision what the order was made from */
		order(ids: readonly string[], name: string, revision: number | undefined) {
			const before = status.current?.upstreams.map(upstream => upstream.id) ?? []
			return change({
				show: shown => overlay.showOrder(shown, ids),
				send: () => sendOrder(ids, revision),
				done: words().moved(name),
				undo: () => sendOrder(before),
			})
		},
	}
}

export type UpstreamActions = ReturnType<typeof useUpstreamActions>
