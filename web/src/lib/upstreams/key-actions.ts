import type { KeyView } from '../../../../core/views/key-view.ts'
import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import { basedOn, read } from '../api/client.ts'
import { useChange } from '../changes/tools.ts'
import { useI18n } from '../i18n/i18n.svelte.ts'
import { useLiveStatus } from '../live/status.svelte.ts'
import { useSession } from '../session/session.svelte.ts'
import * as overlay from './overlay.ts'
import { restoreBefore, turns } from './undo.ts'

/** The server reads the state of keys once a second at most. */
const stateReadMs = 1100

/** What can be done with the keys of an upstream: shown at once where it can be taken back. */
export function useKeyActions() {
	const change = useChange()
	const { api } = useSession()
	const status = useLiveStatus()
	const i18n = useI18n()
	const askSoon = () => void setTimeout(() => void status.refresh(), stateReadMs)
	const words = () => i18n.messages.upstreams.changed
	const sendKeyOrder = (upstreamId: string, ids: readonly string[], revision?: number) => {
		const input = { param: { id: upstreamId }, json: { ids: [...ids] } }
		return turns.take(revision, based => read(api.upstreams[':id'].keys.order.$put(input, basedOn(based))))
	}
	const sendKeyEnabled = (id: string, enabled: boolean) =>
		read(api.keys[':id'].$patch({ param: { id }, json: { enabled } }))

	return {
		orderKeys(upstream: UpstreamView, ids: readonly string[], mask: string, revision: number | undefined) {
			const before = upstream.keys.map(key => key.id)
			return change({
				show: shown => overlay.showKeyOrder(shown, upstream.id, ids),
				send: () => sendKeyOrder(upstream.id, ids, revision),
				done: words().keyMoved(mask),
				undo: () => sendKeyOrder(upstream.id, before),
			})
		},

		setKeyEnabled(upstreamId: string, { id, mask }: KeyView, enabled: boolean) {
			return change({
				show: shown => overlay.showKeyEnabled(shown, upstreamId, id, enabled),
				send: () => sendKeyEnabled(id, enabled),
				done: enabled ? words().keyResumed(mask) : words().keyPaused(mask),
				undo: () => sendKeyEnabled(id, !enabled),
			})
		},

		removeKey(upstreamId: string, { id, mask }: KeyView) {
			return change({
				show: shown => overlay.showWithoutKey(shown, upstreamId, id),
				send: () => read(api.keys[':id'].$delete({ param: { id } })),
				done: words().keyRemoved(mask),
				undo: ({ revision }) => restoreBefore(api, revision),
			})
		},

		clearKey({ id, mask }: KeyView) {
			return change({
				send: () => read(api.keys[':id'].clear.$post({ param: { id }, json: {} })),
				done: words().keyCleared(mask),
			}).finally(askSoon)
		},

		undoDemotion({ id, mask }: KeyView) {
			return change({
				send: () => read(api.keys[':id']['undo-demotion'].$post({ param: { id } })),
				done: words().keyPutBack(mask),
			}).finally(askSoon)
		},

		purgeKey({ id, mask }: KeyView) {
			return change({
				send: () => read(api.keys[':id'].purge.$post({ param: { id } })),
				done: words().keyPurged(mask),
			})
		},
	}
}

export type KeyActions = ReturnType<typeof useKeyActions>
